"""Compute support metrics from the days' extracts, and store them in the warehouse."""
