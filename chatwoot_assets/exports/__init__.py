"""Rows of the warehouse as files for other programs: all that a filter selects, streamed, as CSV, Parquet or Excel."""
