"""`chatwoot-assets health`: whether a service on this machine works, for the health checks of containers.

It is called every half minute, so it imports neither Dagster nor Streamlit.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL, database_url, require_urls
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import connect, embedded_url
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.postgres_errors import translate_errors

TIMEOUT_SECONDS = 5
# How old the daemon's last heartbeat may be. It writes one every 30 seconds, or somewhat later when it is busy.
HEARTBEAT_SECONDS = 300


def check_health(service: str, port: int | None) -> None:
    """Check a service of this machine.

    Args:
        service: A key of `SERVICES`.
        port: The port that it listens on, if it is not the service's usual one. The daemon has none.

    Raises:
        UserError: It does not answer, or reports that it does not work.
    """
    check, usual_port = SERVICES[service]
    check(port or usual_port)


def _check_code_server(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        request = health_pb2.HealthCheckRequest(service="DagsterApi")
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=TIMEOUT_SECONDS)
        except grpc.RpcError as error:
            raise UserError(f"the code server does not answer on port {port}: {error.code().name}") from None
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise UserError(f"the code server on port {port} does not serve")


def _check_daemon(_port: int) -> None:
    require_urls(DAGSTER_POSTGRES_URL)
    url = database_url(DAGSTER_POSTGRES_URL) or embedded_url(embedded.DAGSTER_DATABASE)
    with translate_errors(UserError, DAGSTER_POSTGRES_URL):
        with connect(url) as connection:
            row = connection.execute(
                "SELECT extract(epoch FROM now() AT TIME ZONE 'UTC' - max(timestamp)) FROM daemon_heartbeats"
            ).fetchone()
    if row is None or row[0] is None:
        raise UserError("the daemon has never reported")
    if row[0] > HEARTBEAT_SECONDS:
        raise UserError(f"the daemon reported {row[0]:.0f} seconds ago for the last time")


def _check_address(path: str) -> Callable[[int], None]:
    def check(port: int) -> None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=TIMEOUT_SECONDS).close()
        except urllib.error.HTTPError as error:
            if error.code >= 500:  # anything else is an answer: under a path prefix, it is 404
                raise UserError(f"the service on port {port} answers with HTTP status {error.code}") from None
        except OSError as error:
            reason = getattr(error, "reason", error)  # urllib puts the system's error into one of its own
            text = getattr(reason, "strerror", None) or reason
            raise UserError(f"nothing answers on port {port}: {text}") from None

    return check


# How each service is checked, and its usual port.
SERVICES: dict[str, tuple[Callable[[int], None], int]] = {
    "code-server": (_check_code_server, 4000),
    "webserver": (_check_address("/server_info"), 3000),
    "daemon": (_check_daemon, 0),
    "dashboard": (_check_address("/_stcore/health"), 8501),
}
