"""Which URLs of databases are accepted, and that no message shows a password."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatwoot_assets.database_urls import CHATWOOT_DATABASE_URL, DATABASE_URLS, database_url, is_set, validated_url
from chatwoot_assets.errors import SettingsError


def _refusal(url: str, variable: str = CHATWOOT_DATABASE_URL) -> str:
    with pytest.raises(SettingsError) as refused:
        validated_url(variable, url)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(variable)
    assert "accepts postgresql://user:password@host:5432/database" in message
    return message


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:secret@db.example.com:5432/chatwoot",
        "postgres://reader@db.example.com/chatwoot",
        "postgresql:///chatwoot",
        "postgresql://[::1]:5432/chatwoot",
        "postgresql://reader@/chatwoot?host=%2Fvar%2Frun%2Fpostgresql",
        "postgresql://reader:p%40ss%2Fw%3Ard@db/chatwoot?sslmode=require&connect_timeout=3",
        "postgresql://primary:5432,replica:5433/chatwoot?target_session_attrs=prefer-standby",
        "postgresql://primary,replica:5433/chatwoot",
        "postgresql://db:/chatwoot",
    ],
)
@pytest.mark.parametrize("variable", DATABASE_URLS)
def test_every_form_of_libpq_url_is_accepted_as_it_is(variable: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, url)
    assert is_set(variable)
    assert database_url(variable) == url


@pytest.mark.parametrize("variable", DATABASE_URLS)
def test_an_empty_variable_is_an_unset_one(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", None):
        if value is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, value)
        assert database_url(variable) is None
        assert not is_set(variable)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://reader@db/chatwoot", "mysql://"),
        ("db.example.com/chatwoot", "…"),
        ("db.example.com", "…"),
        ("host=db dbname=chatwoot", "…"),
        ("postgresql+psycopg2://db/chatwoot", "postgresql+psycopg2://db"),
        ("postgresql://reader:secret@db.example.com", "postgresql://"),
        ("postgresql://db/chatwoot?no_such_parameter=1", "postgresql://db"),
        ("postgresql://db:0/chatwoot", "0"),
        ("postgresql://db:65536/chatwoot", "65536"),
        ("postgresql://reader:secret@db:five/chatwoot", "port"),
    ],
)
@pytest.mark.parametrize("variable", DATABASE_URLS)
def test_another_url_is_refused_with_what_is_accepted(variable: str, url: str, shown: str) -> None:
    message = _refusal(url, variable)
    assert shown in message
    assert "secret" not in message
    assert "db.example.com://" not in message


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("postgresql://reader:secret@db/chatwoot?pool=5", "pool"),
        ("postgresql://reader:secret@db/chatwoot?pgbouncer=true", "pgbouncer"),
        ("postgresql://db/chatwoot?sslmode=require&connection_limit=1&pool=5", "connection_limit"),
        ("postgresql://db:5432/chatwoot?prepareThreshold=0", "prepareThreshold"),
    ],
)
def test_an_unknown_parameter_is_named(url: str, parameter: str) -> None:
    message = _refusal(url)
    assert f"libpq has no parameter {parameter!r}: remove it" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:open?x@db/chatwoot?sesame=1",
        "postgresql://reader:open?sesame=1/chatwoot",
        "postgresql://reader:12345678?sesame=1",
        "postgresql://db/chatwoot?password=open&sesame=1",
        "postgresql://db/chatwoot?sesame",
    ],
)
def test_a_parameter_that_may_belong_to_a_password_is_not_named(url: str) -> None:
    assert "sesame" not in _refusal(url)


@pytest.mark.parametrize(
    ("form", "flaw"),
    [
        ("'{}'", "has quotes around it"),
        ('"{}"', "has quotes around it"),
        (" {}", "begins with a blank"),
        ("{} ", "ends in a blank"),
        ("{}\n", "ends in a newline"),
        ("{}\r\n", "ends in a newline"),
    ],
)
def test_quotes_blanks_and_newlines_around_a_url_are_named(form: str, flaw: str) -> None:
    message = _refusal(form.format("postgresql://reader:open-sesame@db/chatwoot"))
    assert message.startswith(f"CHATWOOT_DATABASE_URL {flaw}: remove that")
    assert "sesame" not in message


# The fixed text of every message; a password that is part of it proves nothing by being there.
_FIXED = (
    "is not a PostgreSQL URL cannot be read as a URL encode special characters of the password as %XX has the port"
    " names no database accepts postgresql://user:password@host:5432/database has a control character inside"
)
_PASSWORDS = st.text(
    st.sampled_from("abcXYZ0189@:/?#[]%&=+ !$'\"\\()*,;~^|{}<>`ção²")
    | st.characters(codec="utf-8", exclude_characters="\0"),
    min_size=8,
    max_size=24,
).filter(lambda password: password not in _FIXED)
_FORMS = (
    "postgresql://reader:{}@db.example.com:5432/chatwoot",
    "postgresql://reader:{}@db.example.com:port/chatwoot",
    "postgresql://reader:{}@db.example.com:99999/chatwoot",
    "postgresql://reader:{}@db.example.com",
    "postgresql://reader:{}@[::1/chatwoot",
    "postgresql://reader:{}%zz@db.example.com/chatwoot",
    "postgresql://reader:{}@db.example.com/chatwoot?pool=5",
    "postgresql://reader:{}",
    "postgresql://reader:{}/chatwoot",
    "postgresql:/reader:{}@db.example.com/chatwoot",
    "postgresql//reader:{}@db.example.com/chatwoot",
    "mysql://reader:{}@db.example.com/chatwoot",
    "reader:{}@db.example.com/chatwoot",
    "host=db.example.com user=reader password={} dbname=chatwoot",
    "postgresql://db.example.com:port/chatwoot?user=reader&password={}",
    "postgresql://db.example.com/chatwoot?no_such_parameter=1&password={}",
    "postgresql://db.example.com/chatwoot?password={}&no_such_parameter=1",
)


def _message(url: str) -> str:
    try:
        validated_url(CHATWOOT_DATABASE_URL, url)
    except SettingsError as error:
        return str(error)
    return ""


@given(st.sampled_from(_FORMS), _PASSWORDS)
@example("postgresql://reader:{}@db.example.com/chatwoot", "hunter22/secret")
@example("postgresql://reader:{}/chatwoot", "hunter22secret")
@example("postgresql://reader:{}", "hunter22secret%")
@example("postgresql://reader:{}", "@0000000")
@example("host=db user=reader password={} dbname=chatwoot", "hunter22://secret")
@example("postgresql://reader:{}@db.example.com/chatwoot", "ab?hunter22secret=1")
def test_no_password_is_ever_shown_wherever_it_stands(form: str, password: str) -> None:
    for written in (password, quote(password, safe="")):
        message = _message(form.format(written))
        assert password not in message
        assert written not in message
        # Where an @ ends it, no longer piece of it is shown either, wherever it is cut.
        pieces = (
            []
            if "@db" not in form
            else [piece for piece in re.split(r"[/@?:]", password) if len(piece) >= 8 and piece not in _FIXED]
        )
        assert not [piece for piece in pieces if piece in message]


@given(_PASSWORDS)
def test_an_encoded_password_is_accepted_with_any_character(password: str) -> None:
    url = f"postgresql://reader:{quote(password, safe='')}@db.example.com:5432/chatwoot"
    assert validated_url(CHATWOOT_DATABASE_URL, url) == url


def test_a_password_with_a_bare_at_sign_is_refused() -> None:
    """The host would take a part of it."""
    message = _refusal("postgresql://reader:open@sesame@db.example.com/chatwoot")
    assert "%40" in message
    assert "sesame" not in message


def test_a_password_with_a_bare_slash_is_refused() -> None:
    """The database would take a part of it."""
    message = _refusal("postgresql://reader:5432/sesame@db.example.com/chatwoot")
    assert "%40" in message
    assert "sesame" not in message
