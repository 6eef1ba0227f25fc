"""The rows of `conversations`, their labels and participants; and a whole block of tables, put together.

One block is made at a time, so that memory does not grow with the sample.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.casting import SNOOZED, Cast, cast, every
from chatwoot_assets.sample.events import event_frame
from chatwoot_assets.sample.messages import attachment_frame, mention_frame, message_frame, write
from chatwoot_assets.sample.outcomes import NEVER, Outcome, outcomes
from chatwoot_assets.sample.plans import ACCOUNTS
from chatwoot_assets.sample.ratings import rating_frame, ratings
from chatwoot_assets.sample.size import DAY, MINUTE, SECOND, Bools, Ints, SampleSize
from chatwoot_assets.sample.texts import Texts
from chatwoot_assets.sample.threads import thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatwoot_assets.sample.arrivals import Arrivals
    from chatwoot_assets.sample.people import People

BLOCK = 10_000
_MOST_LABELS = 3
_VISIT = (
    '{"browser": {"browser_name": "Firefox", "platform_name": "Linux"},'
    ' "referer": "https://loja.exemplo.invalid/", "initiated_at": {"timestamp": "2025-01-01"}}'
)
_ADDITIONAL = {
    "Channel::WebWidget": _VISIT,
    "Channel::Email": '{"source": "email", "mail_subject": "Atendimento", "in_reply_to": null}',
}


def blocks(size: SampleSize, people: People, arrived: Arrivals) -> Iterator[dict[str, pl.DataFrame]]:
    """Make the rows of all tables that belong to conversations, block by block."""
    texts = Texts(people)
    used: Counter[str] = Counter()
    for start in range(0, size.conversations, BLOCK):
        rng = size.random(2, start)
        frames = _block(rng, size, people, texts, arrived, slice(start, start + BLOCK), used["messages"])
        for table, frame in frames.items():
            if "id" not in frame.columns:
                frames[table] = frame.insert_column(0, pl.Series("id", used[table] + 1 + np.arange(len(frame))))
            used[table] += len(frame)
        yield frames


def _block(
    rng: np.random.Generator,
    size: SampleSize,
    people: People,
    texts: Texts,
    arrived: Arrivals,
    block: slice,
    messages_before: int,
) -> dict[str, pl.DataFrame]:
    found = cast(rng, people, arrived, block, size.end)
    said = thread(rng, people, found, size.end)
    outcome = outcomes(rng, people, found, said)
    rated = ratings(rng, found, said, outcome, size.end)
    # Ids follow time, as far as the block reaches: conversations lie interleaved, as they do on a disk.
    order = np.argsort(said.at, kind="stable")
    message_id = np.empty(len(order), np.int64)
    message_id[order] = messages_before + 1 + np.arange(len(order))
    written = write(rng, people, texts, found, said, outcome, rated, message_id)
    labels = _labels(rng, people, found)
    return {
        "conversations": _conversation_frame(rng, people, found, outcome, labels, size.end),
        "messages": message_frame(rng, people, texts, found, said, written, order, message_id, size.end),
        "attachments": attachment_frame(rng, found, said, written, order, message_id),
        "csat_survey_responses": rating_frame(people, found, said, outcome, rated, message_id),
        "reporting_events": event_frame(rng, people, found, said, outcome, size.end),
        "taggings": _tagging_frame(found, labels, size.end),
        "conversation_participants": _participant_frame(people, found, outcome),
        "mentions": mention_frame(people, found, said, written),
    }


def _labels(rng: np.random.Generator, people: People, found: Cast) -> Ints:
    """Choose up to three different tags of the account for each conversation; 0 for none."""
    count = people.tags_count[found.account]
    first = rng.integers(0, count)
    # Three steps of this length do not come round to the first: an account has at least five labels.
    step = rng.integers(1, 3, len(count))
    wanted = rng.choice(_MOST_LABELS + 1, len(count), p=[0.5, 0.34, 0.13, 0.03])
    place = np.arange(_MOST_LABELS)
    chosen = people.tags[found.account[:, None], (first[:, None] + step[:, None] * place) % count[:, None]]
    labels: Ints = np.where(place < wanted[:, None], chosen, 0)
    return labels


def _label_lists(people: People, labels: Ints) -> pl.Series:
    names = pl.Series([None, *people.tag_name])
    columns = {str(place): names.gather(labels[:, place]) for place in range(_MOST_LABELS)}
    joined = pl.concat_str(list(columns), separator=", ", ignore_nulls=True)
    frame = pl.DataFrame(columns).select(names=joined)
    return frame.select(pl.when(pl.col("names") != "").then("names").alias("names"))["names"]


def _conversation_frame(
    rng: np.random.Generator, people: People, found: Cast, outcome: Outcome, labels: Ints, end: int
) -> pl.DataFrame:
    count = len(found.number)
    number = found.number + 1
    last_at = outcome.last_at
    quiet = np.where(rng.random(count) < 0.06, rng.integers(0, 2 * DAY, count), rng.integers(0, 40_000, count))
    seen = np.minimum(last_at + rng.integers(SECOND, 90 * MINUTE, count), end - 1)
    snoozed_until = np.where(outcome.status == SNOOZED, last_at + rng.integers(DAY, 9 * DAY, count), NEVER)
    has_priority = rng.random(count) < 0.12
    channel = pl.Series(people.inbox_channel).gather(found.inbox)
    frame = pl.DataFrame(
        {
            "id": number,
            "account_id": found.account + 1,
            "inbox_id": people.inbox_id[found.inbox],
            "status": outcome.status,
            "assignee_id": pl.Series(outcome.assignee).replace(0, None),
            "created_at": found.created.view("datetime64[us]"),
            "updated_at": np.maximum(np.minimum(last_at + quiet, end - 1), last_at).view("datetime64[us]"),
            "contact_id": pl.Series(np.where(every(found.number, 307, at=11), 0, found.contact)).replace(0, None),
            # The trigger sets it.
            "display_id": np.zeros(count, np.int64),
            "contact_last_seen_at": np.where(rng.random(count) < 0.8, seen, NEVER).view("datetime64[us]"),
            "agent_last_seen_at": np.where(found.answered, seen, NEVER).view("datetime64[us]"),
            "assignee_last_seen_at": np.where(outcome.assignee > 0, seen, NEVER).view("datetime64[us]"),
            "additional_attributes": channel.replace_strict(_ADDITIONAL, default="{}"),
            "contact_inbox_id": found.contact_inbox,
            "uuid": _uuids(rng, count),
            "identifier": pl.Series(number).cast(pl.String),
            "last_activity_at": last_at.view("datetime64[us]"),
            "team_id": pl.Series(_teams(rng, people, found)).replace(0, None),
            "snoozed_until": snoozed_until.view("datetime64[us]"),
            "custom_attributes": _custom_attributes(rng, found),
            "first_reply_created_at": outcome.first_reply_at.view("datetime64[us]"),
            "priority": pl.Series(np.where(has_priority, rng.integers(0, 4, count), -1)).replace(-1, None),
            "waiting_since": outcome.waiting_since.view("datetime64[us]"),
            "cached_label_list": _label_lists(people, labels),
            "assignee_agent_bot_id": pl.Series(np.where(found.bot_only, people.inbox_bot[found.inbox], 0)).replace(
                0, None
            ),
        }
    )
    identifier = pl.when(pl.Series(channel == "Channel::Api")).then(pl.lit("chamado-") + pl.col("identifier"))
    return frame.with_columns(identifier=identifier).filter(~_is_deleted(found))


def _is_deleted(found: Cast) -> Bools:
    """Pick conversations that were deleted, while what hangs on them still waits for the same."""
    return every(found.number, 353, at=17)


def _teams(rng: np.random.Generator, people: People, found: Cast) -> Ints:
    count = len(found.number)
    place = (rng.random(count) * people.teams_count[found.account]).astype(np.int64)
    team = np.where(rng.random(count) < 0.7, people.teams[found.account, place], 0)
    teams: Ints = np.where(every(found.number, 389, at=23), people.team_gone[found.account], team)
    return teams


def _custom_attributes(rng: np.random.Generator, found: Cast) -> pl.Series:
    key = pl.Series([plan.attribute for plan in ACCOUNTS]).gather(found.account)
    value = pl.Series(rng.integers(10_000, 99_999, len(key))).cast(pl.String)
    frame = pl.DataFrame({"key": key, "value": value, "given": rng.random(len(key)) < 0.3})
    filled = pl.lit('{"') + pl.col("key") + pl.lit('": "') + pl.col("value") + pl.lit('"}')
    return frame.select(attributes=pl.when("given").then(filled).otherwise(pl.lit("{}")))["attributes"]


def _uuids(rng: np.random.Generator, count: int) -> pl.Series:
    """Draw random uuids, of version 4."""
    octets = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    octets[:, 6] = octets[:, 6] & 0x0F | 0x40
    octets[:, 8] = octets[:, 8] & 0x3F | 0x80
    digits = octets.tobytes().hex()
    return pl.Series([digits[start : start + 32] for start in range(0, len(digits), 32)])


def _tagging_frame(found: Cast, labels: Ints, end: int) -> pl.DataFrame:
    conversation, place = np.nonzero(labels)
    at = np.minimum(found.created[conversation] + (place + 1) * 3 * MINUTE, end - 1)
    return pl.DataFrame(
        {
            "tag_id": labels[conversation, place],
            "taggable_id": found.number[conversation] + 1,
            "created_at": at.view("datetime64[us]"),
        }
    ).with_columns(taggable_type=pl.lit("Conversation"), context=pl.lit("labels"))


def _participant_frame(people: People, found: Cast, outcome: Outcome) -> pl.DataFrame:
    """Let the assignees of some conversations take part in them: one row for each user and conversation."""
    taking_part = np.flatnonzero((outcome.assignee > 0) & every(found.number, 25, at=4))
    user = outcome.assignee[taking_part]
    taking_part, user = taking_part[~people.user_gone[user]], user[~people.user_gone[user]]
    at = found.created[taking_part].view("datetime64[us]")
    return pl.DataFrame(
        {
            "account_id": found.account[taking_part] + 1,
            "user_id": user,
            "conversation_id": found.number[taking_part] + 1,
            "created_at": at,
            "updated_at": at,
        }
    )
