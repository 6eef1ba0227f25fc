"""A conversation whose messages are too long together for one value of JSON loads like any other."""

from __future__ import annotations

import datetime

import dagster as dg
import pytest

from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 10)
MESSAGES, BYTES_PER_MESSAGE = 1_900, 150_000


@pytest.mark.slow
def test_conversation_of_280_megabytes_loads_and_a_check_names_it(project: Project) -> None:
    with project.writing() as writer:
        conversation = writer.conversation(f"{DAY} 12:00")
        writer.message(conversation, f"{DAY} 12:00")
    with project.source() as connection:
        connection.execute(
            "INSERT INTO messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', m.id + n, 'content',"
            " repeat(md5(n::text), %s)))).* FROM messages AS m, generate_series(1, %s) AS n",
            [BYTES_PER_MESSAGE // 32, MESSAGES - 1],
        )
        query = b"SELECT count(*), sum(octet_length(content)), sum(hashtextextended(content, 0)) FROM messages"
        expected = connection.execute(query).fetchone()
    with dg.DagsterInstance.ephemeral() as instance:
        result = project.load(DAY, instance=instance)
    with project.target() as connection:
        assert connection.execute(query).fetchone() == expected
        assert connection.execute("SELECT t_messages FROM conversas_analytics").fetchall() == [(MESSAGES,)]
    failing = {
        evaluation.check_name: evaluation.metadata["which_days"].value
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed
    }
    assert failing == {"json_is_within_limits": str(DAY)}
