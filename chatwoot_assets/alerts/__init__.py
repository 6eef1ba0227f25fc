"""Alerts: the problems that the warehouse shows, when each is reported, and sending the messages.

`defs/alerts.py` adds the problems that Dagster knows: failed runs and checks.
"""
