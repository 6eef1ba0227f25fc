"""The script that Streamlit runs.

It is not beside `pages/`: Streamlit runs every file of a directory of that name next to its script as a page.
"""
