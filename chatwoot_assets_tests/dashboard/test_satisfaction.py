"""The page Satisfaction equals the reference, and Chatwoot's own report beside it."""

from __future__ import annotations

import collections
import datetime

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets_tests.dashboard.opening import DAYS, LAST, PERIOD, Dashboard, metrics, split_lines, texts
from chatwoot_assets_tests.dashboard.reference import Row, Tables, format_percent
from chatwoot_assets_tests.project import Project


def test_satisfaction_equals_the_reference(dashboard: Dashboard, tables: Tables, notes: dict[int, str]) -> None:
    app = dashboard.open("satisfaction", **PERIOD)
    started = tables.started(DAYS)
    rated = [row for row in started if row["rating"] is not None]
    offered = sum(row["csat_offered"] for row in started)
    assert 0 < len(rated) < offered < len(started)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert 0 < float(shown.pop("Response rate in Chatwoot").removesuffix("%")) < 100
    assert shown == {
        "Satisfaction": format_percent(sum(row["rating"] >= 4 for row in rated) / len(rated)),
        "Ratings": f"{len(rated)}",
        "Response rate": format_percent(len(rated) / offered),
        "Average rating": f"{sum(row['rating'] for row in rated) / len(rated):.2f}",
    }
    assert _shown_comments(app) == _newest_comments(rated, notes)


@pytest.fixture(scope="module")
def notes(sampled: Project) -> dict[int, str]:
    """What the team noted about ratings, by conversation."""
    with psycopg.connect(sampled.target_url) as connection:
        query = "SELECT conversation_id, review_notes FROM ratings WHERE review_notes IS NOT NULL ORDER BY rated_at, id"
        found: dict[int, list[str]] = collections.defaultdict(list)
        for conversation, text in connection.execute(query):
            found[conversation].append(text)
    return {conversation: "\n".join(texts) for conversation, texts in found.items()}


def _newest_comments(rated: list[Row], notes: dict[int, str]) -> list[tuple[str | None, str | None]]:
    """Return the comments and notes that the page should show, newest first."""
    newest = sorted(rated, key=lambda row: (row["rated_at"], row["id"]), reverse=True)
    pairs = [(row["feedback_message"] or None, notes.get(row["id"])) for row in newest]
    return [pair for pair in pairs if any(pair)][:50]


def _shown_comments(app: AppTest) -> list[tuple[str | None, str | None]]:
    shown = app.dataframe[0].value.astype(object).where(app.dataframe[0].value.notna(), None)
    pairs = zip(shown["feedback_message"], shown["review_notes"], strict=True)
    return [(comment or None, note or None) for comment, note in pairs]


def test_comments_are_filtered_by_rating_and_searched(
    dashboard: Dashboard, tables: Tables, notes: dict[int, str]
) -> None:
    rated = [row for row in tables.started(DAYS) if row["rating"] in {1, 2}]
    app = dashboard.open("satisfaction", **PERIOD, rating="1,2")
    expected = _newest_comments(rated, notes)
    noted = [pair for pair in expected if pair[1]]
    assert 0 < len(noted) < len(expected) < 50
    assert _shown_comments(app) == expected
    app.text_input(key="comments_search").set_value("RETORNAR ao cliente").run()
    assert _shown_comments(app) == noted
    assert app.query_params["rating"] == "1,2"
    app.text_input(key="comments_search").set_value("nothing of the kind").run()
    assert "No rating that matches" in texts(app)


# Chatwoot's satisfaction report, by its code: it filters the responses, but not the surveys.
_CHATWOOT_CSAT = """
SELECT count(*), count(*) FILTER (WHERE r.rating >= 4), count(*) FILTER (WHERE r.rating = 1), (
    SELECT count(*) FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
    WHERE m.content_type = 9 AND m.created_at >= %(first)s AND m.created_at < %(end)s
)
FROM csat_survey_responses AS r
JOIN conversations AS c ON c.id = r.conversation_id
WHERE r.created_at >= %(first)s AND r.created_at < %(end)s
    AND (%(inbox)s::int IS NULL OR c.inbox_id = %(inbox)s::int)
    AND (%(agent)s::int IS NULL OR r.assigned_agent_id = %(agent)s::int)
"""


@pytest.mark.parametrize("url", [{}, {"inbox": "1"}, {"agent": "2"}], ids=str)
def test_chatwoots_satisfaction_report_is_beside_ours(
    dashboard: Dashboard, tables: Tables, sampled: Project, url: dict[str, str]
) -> None:
    values = {"first": DAYS[0], "end": LAST + datetime.timedelta(days=1), "inbox": None, "agent": None, **url}
    with psycopg.connect(sampled.source_url) as source:
        responses, satisfied, worst, surveys = source.execute(_CHATWOOT_CSAT, values).fetchone() or [0] * 4
    report = texts(dashboard.open("satisfaction", **PERIOD, **url))
    lines = split_lines(report)
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    assert 0 < responses < surveys
    assert (table["Responses"][0], table["Surveys sent"][0]) == (f"{responses:,}", f"{surveys:,}")
    assert table["Response rate"][0] == format_percent(responses / surveys)
    assert table["Satisfaction score (4 and 5)"][0] == format_percent(satisfied / responses)
    assert table["Rating 1"][0] == format_percent(worst / responses)
    ours = [
        row
        for row in tables.started(DAYS)
        if row["rating"] is not None
        and ("inbox" not in url or row["inbox_id"] == int(url["inbox"]))
        and ("agent" not in url or row["rating_agent_id"] == int(url["agent"]))
    ]
    assert table["Responses"][1] == f"{len(ours):,}"
