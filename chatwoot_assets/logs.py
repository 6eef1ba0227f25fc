"""What of a run's log is printed. Everything is in the UI; nothing personal is in either."""

from __future__ import annotations

import dagster as dg


def quiet_console_logger() -> dg.LoggerDefinition:
    """Return Dagster's console logger, from warnings up: by itself it prints every event of every day."""
    return dg.colored_console_logger.configured(
        lambda config: {"log_level": config["log_level"]},
        config_schema={"log_level": dg.Field(str, default_value="WARNING", is_required=False)},
    )
