"""The script that Streamlit runs on every interaction. Imported modules stay loaded between two runs."""

from chatwoot_assets.dashboard.main import main

main()
