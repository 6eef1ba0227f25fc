"""The dashboard: a Streamlit application that reads the warehouse and writes nothing.

Streamlit runs `entrypoint/app.py`, which calls `main.py`. Four layers:

- `filters.py`, `formats.py`, `notices.py` and `i18n/` use neither Streamlit nor a database.
- `database.py`, `status.py` and `queries.py` fetch rows.
- `layout.py`, `cards.py`, `charts.py`, `time_series.py`, `tables.py`, `transcript.py`, `groups.py` and
  `chatwoot_report.py` draw them.
- each file in `pages/` puts one page together.

Names of contacts and contents of messages are read on two pages only: conversations and satisfaction.
"""
