#!/bin/sh
# Run a command of chatwoot-assets, with or without its name. Dagster's launchers start code servers and runs as
# `dagster api …`, which would tell of a missing URL in a hundred lines.
set -eu
umask 077
if [ "${1:-} ${2:-}" = "dagster api" ]; then
    python3 -c '
import sys
from chatwoot_assets.database_urls import DATABASE_URLS, require_urls
from chatwoot_assets.errors import SettingsError
try:
    require_urls(*DATABASE_URLS)
except SettingsError as error:
    sys.exit(f"error: {error}")
'
fi
case "${1:-}" in
    chatwoot-assets | dagster | dagster-* | python | python3 | sh) exec "$@" ;;
    *) exec chatwoot-assets "$@" ;;
esac
