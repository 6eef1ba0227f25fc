"""Alerts: the problems that the warehouse shows, when each is reported, and sending the messages.

What Dagster knows, failed runs and checks, is in `defs/alerts.py`.
"""
