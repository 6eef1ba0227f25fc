"""Measure the product's cost and speed, and those of the alternatives; see README.md."""
