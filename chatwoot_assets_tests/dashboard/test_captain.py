"""Captain's engagements on the page of bots, by Chatwoot's own rules; without any there is no section."""

from __future__ import annotations

import datetime

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors, chart_rows
from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 20)
AT = f"{DAY} 12:00"
URL = {"from": str(DAY), "to": str(DAY)}
# The classification of Chatwoot's own reports on Captain.
_OF_CHATWOOT = """
    SELECT
        count(*),
        count(*) FILTER (
            WHERE o.resolved_at IS NOT NULL AND o.first_captain_reply_at IS NOT NULL AND o.handoff_at IS NULL
            AND (o.first_human_reply_at IS NULL OR o.first_human_reply_at > o.resolved_at)
        ),
        count(o.handoff_at),
        sum(o.captain_reply_count),
        count(o.csat_rating)
    FROM conversation_outcomes AS o
    JOIN conversations AS c ON c.id = o.conversation_id
    WHERE (c.created_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo')::date BETWEEN %(from)s AND %(to)s
"""
_COLUMNS = ["captain", "captain_resolved", "captain_handed_off", "captain_replies", "captain_rated"]


def _table(app: AppTest, column: str) -> list[list[object]] | None:
    """Return the rows of the section's table that has a column, or None."""
    tables = [frame.value for frame in app.dataframe if column in frame.value]
    return None if not tables else tables[0]  # type: ignore[return-value]  # a data frame


@pytest.mark.parametrize("language", ["en", "pt"])
def test_engagements_equal_chatwoots_classification(dashboard: Dashboard, sampled: Project, language: str) -> None:
    with psycopg.connect(sampled.source_url) as source:
        expected = source.execute(_OF_CHATWOOT, PERIOD).fetchone()
    assert expected is not None
    assert all(expected)
    app = dashboard.open("bots", language, **PERIOD)
    assert_no_errors(app)
    assert "Captain" in [subheader.value for subheader in app.subheader]
    table = _table(app, "captain")
    assert tuple(table[_COLUMNS].iloc[0].astype(int)) == tuple(map(int, expected))  # type: ignore[index,call-overload]
    assert [row for rows in chart_rows(app) for row in rows if row["series"] in ("Handed over", "Transferidas")]


def test_each_engagement_has_one_outcome_and_handovers_a_reason(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with project.writing() as writer:
        ids = [writer.conversation(AT) for _ in range(6)]
    reply, human, resolved = f"{DAY} 12:01", f"{DAY} 12:05", f"{DAY} 12:10"
    engagements: list[tuple[str | None, str | None, str | None, str | None, str | None, str | None, int | None]] = [
        # Captain replied, a human replied, handed over, why, resolved, ended, rating
        (reply, None, None, None, resolved, None, 5),
        (reply, f"{DAY} 12:20", None, None, resolved, f"{DAY} 13:00", 2),  # the human came later
        (reply, human, f"{DAY} 12:04", "missing_knowledge", resolved, None, None),
        (None, None, f"{DAY} 12:02", None, None, None, None),
        (reply, human, None, None, resolved, None, None),
        (reply, None, None, None, None, None, None),
    ]
    with project.source() as connection:
        for id_, values in zip(ids, engagements, strict=True):
            connection.execute(
                "INSERT INTO conversation_outcomes (account_id, assistant_id, conversation_id, inbox_id, started_at,"
                " captain_reply_count, created_at, updated_at, first_captain_reply_at, first_human_reply_at,"
                " handoff_at, handoff_reason_category, resolved_at, ended_at, csat_rating)"
                " VALUES (1, 9, %s, 10, %s, 2, now(), now(), %s, %s, %s, %s, %s, %s, %s)",
                [id_, AT, *values],
            )
    project.load(DAY)
    app = Dashboard(monkeypatch, project.target_url, DAY).open("bots", **URL)
    assert_no_errors(app)
    row = _table(app, "captain").iloc[0]  # type: ignore[union-attr]  # a data frame
    counts = ["captain", "captain_resolved", "captain_handed_off", "captain_running", "captain_other"]
    assert row[counts].astype(int).tolist() == [6, 2, 2, 1, 1]
    assert (row["captain_replies"], row["captain_rated"], row["captain_score"]) == (12, 2, 0.5)
    assert row["handoff_median"] == 180
    reasons = _table(app, "handoff_reason")
    shown = reasons[["handoff_reason", "captain_handed_off", "handoff_median"]]  # type: ignore[index,call-overload]
    assert shown.to_numpy().tolist() == [["Missing knowledge", 1, 240], ["Unknown", 1, 120]]
    listed = Dashboard(monkeypatch, project.target_url, DAY).open(
        "conversations", **URL, of="captain_handed_off", handoff_reason="unknown"
    )
    assert_no_errors(listed)
    assert listed.dataframe[0].value["seconds"].tolist() == [120]
    chip = next(button.label for button in listed.button if button.key == "chip_handoff_reason")
    assert chip == f"{translate('list_handoff_reason', 'en')}: Unknown"
    clear_caches()


def test_without_engagements_there_is_no_section(dashboard: Dashboard) -> None:
    app = dashboard.open("bots", **PERIOD, label="none-such")
    assert "Captain" not in [subheader.value for subheader in app.subheader]
