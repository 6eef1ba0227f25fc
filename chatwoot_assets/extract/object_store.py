"""Whole objects of an object store (S3, Google Cloud Storage, Azure): one request for each.

Credentials, endpoint and region come from the environment variables that the store's own tools read. An outage becomes
a transient error after a few attempts. Errors show only the code of the store's answer.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore, from_url

from chatwoot_assets.errors import ExtractError

# Statuses, and S3's codes where they say more: S3 answers many different errors with 400.
_REFUSED = {"401", "403", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"}
_TRANSIENT = {"RequestTimeout"}
_ELSEWHERE = {"400", "redirect"}
_ADVICE = "docs/operating.md lists the variables and permissions"


def read_object(url: str) -> bytes:
    """Return the content of an object.

    Raises:
        FileNotFoundError: There is no such object.
        ExtractError: The store cannot be used.
    """
    client, key = _open(url)
    with _translate_errors(url):
        return bytes(obstore.get(client, key).bytes())


def write_object(url: str, content: bytes | bytearray) -> None:
    """Replace an object; no reader sees a part of it.

    Raises:
        ExtractError: The store cannot be used, or refuses the object.
    """
    client, key = _open(url)
    try:
        with _translate_errors(url):
            obstore.put(client, key, content, use_multipart=False)
    except FileNotFoundError:
        raise _no_bucket(url) from None


def list_objects(url: str) -> list[str]:
    """Return the URLs of the objects whose URL begins with `url` and a slash, in order.

    Raises:
        ExtractError: The store cannot be used.
    """
    client, prefix = _open(url)
    root = url.removesuffix(prefix)
    with _translate_errors(url):
        return sorted(root + entry["path"] for batch in obstore.list(client, f"{prefix}/") for entry in batch)


@cache
def get_client(root: str) -> ObjectStore:
    """Return the client of a bucket, by its URL."""
    # An endpoint without TLS is used if it was given as http://.
    return from_url(
        root,
        client_options={"connect_timeout": "5s", "timeout": "60s", "allow_http": True},
        retry_config={"max_retries": 4, "retry_timeout": datetime.timedelta(minutes=1)},
    )


def _open(url: str) -> tuple[ObjectStore, str]:
    """Return the client of an object's bucket, and the object's key in it."""
    scheme, _, address = url.partition("://")
    bucket, _, key = address.partition("/")
    with _translate_errors(url):
        return get_client(f"{scheme}://{bucket}"), key


@contextmanager
def _translate_errors(url: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if "NoSuchBucket" in str(error):
            raise _no_bucket(url) from None
        raise FileNotFoundError(url) from None
    except BaseError as error:
        raise _from_answer(error, url) from None


def _from_answer(error: BaseError, url: str) -> ExtractError:
    answer = str(error).partition("Debug source")[0]
    # S3 answers in another region with a redirect that has no address; the client does not give its status.
    status = next(iter(re.findall(r"(?<=status code: )[0-9]{3}|redirect(?= without LOCATION)", answer)), "")
    code = next(iter(re.findall(r"<Code>([A-Za-z]{1,60})</Code>", answer)), status or "no answer")
    if "169.254.169.254" in answer or "metadata.google" in answer:
        return ExtractError(f"cannot use {url}: no credentials for the object store are set; {_ADVICE}")
    if code == "NoSuchBucket":
        return _no_bucket(url)
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or {status, code} & _REFUSED:
        return ExtractError(
            f"cannot use {url}: the object store refuses access ({code}); check the credentials and their"
            f" permissions: {_ADVICE}"
        )
    if status in _ELSEWHERE and code not in _TRANSIENT:
        return ExtractError(f"cannot use {url}: the object store answers {code}; check region and endpoint: {_ADVICE}")
    return ExtractError(
        f"cannot use {url}: the object store does not work ({code}); it is tried again later."
        " If that lasts, check the endpoint and the network",
        transient=True,
    )


def _no_bucket(url: str) -> ExtractError:
    return ExtractError(f"cannot use {url}: the bucket does not exist; create it, or set EXTRACTS_URL to another place")
