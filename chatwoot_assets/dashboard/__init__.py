"""The dashboard: a Streamlit application on the local tables, which it only reads.

`app.py` is what Streamlit runs, `application.py` what it does. `filters.py`, `formats.py`, `health.py` and `texts/`
know nothing of Streamlit or a database; `database.py`, `state.py` and `queries.py` fetch; `frame.py`, `cards.py`,
`charts.py` and `grids.py` draw; a page in `pages/` puts these together. Names of contacts and contents of messages
are read on two of them only.
"""
