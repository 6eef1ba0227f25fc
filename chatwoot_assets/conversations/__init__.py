"""The tables conversas_analytics and daily_summary: from the extracts of a day to its rows in the warehouse."""
