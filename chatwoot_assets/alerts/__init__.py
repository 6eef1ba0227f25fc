"""Telling somebody what is wrong: what the warehouse shows, what is said when, and sending it.

What Dagster knows, failed runs and checks, is in `defs/alerts.py`.
"""
