"""The console script `chatwoot-assets`, and `python -m chatwoot_assets`.

Ctrl-C ends it silently until all is imported: nothing has begun that needs an orderly end, and a traceback of imports
would tell a user nothing.
"""

import signal


def main() -> None:
    """Import the command line and run it."""
    # A command in the background of a script ignores SIGINT.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from chatwoot_assets.cli import main as run

    run()


if __name__ == "__main__":
    main()
