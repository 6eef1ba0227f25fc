"""The dashboard: a Streamlit application that reads the warehouse and writes nothing.

Streamlit runs `entrypoint/app.py`, which calls `main.py`. Four layers:

- `filters.py`, `list_filters.py`, `url_values.py`, `formats.py`, `notices.py` and `i18n/` use neither Streamlit nor a
  database.
- `database.py`, `status.py` and `queries.py` fetch rows.
- `layout.py` draws what surrounds a page. `cards.py`, `charts.py`, `tables.py` and the other modules here draw its
  parts.
- each file in `pages/` puts one page together.

Names of contacts and contents of messages are read on three pages only: conversations, satisfaction and campaigns.
"""
