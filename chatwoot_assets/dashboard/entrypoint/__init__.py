"""The directory of the script that Streamlit runs.

The script does not stand beside `pages/`: Streamlit would run every file of a directory of that name as a page.
"""
