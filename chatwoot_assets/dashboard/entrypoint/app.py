"""The script that Streamlit runs. All else is in modules, which stay loaded between runs."""

from chatwoot_assets.dashboard.main import main

main()
