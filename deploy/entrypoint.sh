#!/bin/sh
# Run a command of chatwoot-assets, with or without its name. Dagster's launchers start their runs as `dagster api …`.
set -eu
umask 077
case "${1:-}" in
    chatwoot-assets | dagster | dagster-* | python | python3 | sh) exec "$@" ;;
    *) exec chatwoot-assets "$@" ;;
esac
