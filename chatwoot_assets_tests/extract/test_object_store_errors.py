"""What an object store answers becomes advice: S3's error documents, in the words of the client that is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from obstore.store import from_url

from chatwoot_assets.errors import ExtractError
from chatwoot_assets.extract import object_store
from chatwoot_assets.extract.object_store import list_objects, read_object, write_object
from chatwoot_assets_tests.http_servers import QuietHandler, http_server
from chatwoot_assets_tests.object_stores import KEY, SECRET

REFUSED = "refuses access"
ELSEWHERE = "check region and endpoint"
TRANSIENT = "tried again later"
NO_BUCKET = "the bucket does not exist"

# S3's error codes and their statuses: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
ANSWERS = [
    (400, "AuthorizationHeaderMalformed", ELSEWHERE),
    (400, "ExpiredToken", REFUSED),
    (400, "IllegalLocationConstraintException", ELSEWHERE),
    (400, "InvalidBucketName", ELSEWHERE),
    (400, "InvalidRequest", ELSEWHERE),
    (400, "InvalidToken", REFUSED),
    (400, "RequestTimeout", TRANSIENT),
    (400, "TokenRefreshRequired", REFUSED),
    (301, "PermanentRedirect", ELSEWHERE),
    (307, "TemporaryRedirect", ELSEWHERE),
    (401, "Unauthorized", REFUSED),
    (403, "AccessDenied", REFUSED),
    (403, "InvalidAccessKeyId", REFUSED),
    (403, "RequestTimeTooSkewed", REFUSED),
    (403, "SignatureDoesNotMatch", REFUSED),
    (404, "NoSuchBucket", NO_BUCKET),
    (500, "InternalError", TRANSIENT),
    (503, "ServiceUnavailable", TRANSIENT),
    (503, "SlowDown", TRANSIENT),
]
MESSAGE = "a message of the store"
URL = "s3://extracts/a"
USES: dict[str, Callable[[], object]] = {
    "read": lambda: read_object(URL),
    "write": lambda: write_object(URL, b"1"),
    "list": lambda: list_objects(URL),
}


@dataclass
class Answer:
    """What the server answers to every request."""

    status: int = 200
    code: str = ""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Answer]]:
    """The address of a server, and its answer, which can be changed."""
    answer = Answer()

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            content = (
                '<?xml version="1.0" encoding="UTF-8"?>\n'
                f"<Error><Code>{answer.code}</Code><Message>{MESSAGE}</Message><RequestId>4442587FB7D0A2F9</RequestId>"
                "</Error>"
            ).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_PUT = do_GET

    with http_server(Handler) as port:
        yield f"http://127.0.0.1:{port}", answer


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
@pytest.mark.parametrize(("status", "code", "advice"), ANSWERS)
def test_answer_of_s3_becomes_one_line_of_advice(
    server: tuple[str, Answer],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: str,
    advice: str,
    use: Callable[[], object],
) -> None:
    address, answer = server
    answer.status, answer.code = status, code
    client = from_url(
        "s3://extracts",
        endpoint=address,
        region="us-east-1",
        access_key_id=KEY,
        secret_access_key=SECRET,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},  # a transient error is not waited for
    )
    monkeypatch.setattr(object_store, "get_client", lambda _: client)
    with pytest.raises(ExtractError, match=advice) as raised:
        use()
    assert raised.value.transient == (advice == TRANSIENT)
    assert "\n" not in str(raised.value)
    assert MESSAGE not in str(raised.value)
    if advice != NO_BUCKET and status not in {301, 307}:  # the client does not pass on the content of a redirect
        assert code in str(raised.value)
