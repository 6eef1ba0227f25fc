"""Reading the changed days of Chatwoot into Parquet files."""
