"""The rows of `conversations`, their labels and participants, and the blocks of all tables that depend on them.

One block is created at a time, so that memory does not grow with the sample.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.attributes import conversation_attributes
from chatwoot_assets.sample.events import create_events
from chatwoot_assets.sample.messages import create_attachments, create_mentions, create_messages, draw_contents
from chatwoot_assets.sample.outcomes import NEVER, Outcome, derive_outcome
from chatwoot_assets.sample.profiles import SNOOZED, Profiles, draw_profiles, select_every
from chatwoot_assets.sample.ratings import create_ratings, draw_ratings
from chatwoot_assets.sample.size import DAY, MINUTE, SECOND, Bools, Ints, SampleSize
from chatwoot_assets.sample.texts import Texts
from chatwoot_assets.sample.timelines import ASSIGNED, Timeline, draw_timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatwoot_assets.sample.arrivals import Arrivals
    from chatwoot_assets.sample.people import People

CONVERSATIONS_PER_BLOCK = 10_000
# How long a background job of Chatwoot takes.
_JOB = SECOND // 5
_MOST_LABELS = 3
_VISIT = (
    '{"browser": {"browser_name": "Firefox", "platform_name": "Linux"},'
    ' "referer": "https://loja.exemplo.invalid/", "initiated_at": {"timestamp": "2025-01-01"}}'
)
_ADDITIONAL = {
    "Channel::WebWidget": _VISIT,
    "Channel::Email": '{"source": "email", "mail_subject": "Atendimento", "in_reply_to": null}',
}


def create_blocks(size: SampleSize, people: People, arrivals: Arrivals) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield the rows of all tables that belong to conversations, block by block."""
    texts = Texts(people)
    used: Counter[str] = Counter()
    for start in range(0, size.conversations, CONVERSATIONS_PER_BLOCK):
        rng = size.random(2, start)
        frames = _create_block(
            rng, size, people, texts, arrivals, slice(start, start + CONVERSATIONS_PER_BLOCK), used["messages"]
        )
        for table, frame in frames.items():
            if "id" not in frame.columns:
                frames[table] = frame.insert_column(0, pl.Series("id", used[table] + 1 + np.arange(len(frame))))
            used[table] += len(frame)
        yield frames


def _create_block(
    rng: np.random.Generator,
    size: SampleSize,
    people: People,
    texts: Texts,
    arrivals: Arrivals,
    block: slice,
    messages_before: int,
) -> dict[str, pl.DataFrame]:
    profiles = draw_profiles(rng, people, arrivals, block, size.end)
    timeline = draw_timeline(rng, people, profiles, size.end)
    outcome = derive_outcome(rng, people, profiles, timeline)
    ratings = draw_ratings(rng, profiles, timeline, outcome, size.end)
    # Within a block, ids follow time: the messages of conversations are interleaved, as they are in Chatwoot.
    order = np.argsort(timeline.sent_at, kind="stable")
    message_id = np.empty(len(order), np.int64)
    message_id[order] = messages_before + 1 + np.arange(len(order))
    contents = draw_contents(rng, people, texts, profiles, timeline, outcome, ratings, message_id)
    labels = _labels(rng, people, profiles)
    return {
        "conversations": _create_conversations(rng, people, profiles, outcome, labels, size.end),
        "messages": create_messages(rng, people, texts, profiles, timeline, contents, order, message_id, size.end),
        "attachments": create_attachments(rng, profiles, timeline, contents, order, message_id),
        "csat_survey_responses": create_ratings(people, profiles, timeline, outcome, ratings, message_id),
        "reporting_events": create_events(rng, people, profiles, timeline, outcome, size.end),
        "taggings": _create_taggings(profiles, labels, size.end),
        "conversation_participants": _create_participants(people, profiles, timeline, outcome, size.end),
        "mentions": create_mentions(people, profiles, timeline, contents),
    }


def _labels(rng: np.random.Generator, people: People, profiles: Profiles) -> Ints:
    """Draw up to three different tags of each conversation's account; 0 for none."""
    count = people.tags_count[profiles.account]
    first = rng.integers(0, count)
    # Three steps do not reach the first tag again: an account has at least five labels.
    step = rng.integers(1, 3, len(count))
    wanted = rng.choice(_MOST_LABELS + 1, len(count), p=[0.5, 0.34, 0.13, 0.03])
    place = np.arange(_MOST_LABELS)
    chosen = people.tags[profiles.account[:, None], (first[:, None] + step[:, None] * place) % count[:, None]]
    labels: Ints = np.where(place < wanted[:, None], chosen, 0)
    return labels


def _label_lists(people: People, labels: Ints) -> pl.Series:
    names = pl.Series([None, *people.tag_name])
    columns = {str(place): names.gather(labels[:, place]) for place in range(_MOST_LABELS)}
    joined = pl.concat_str(list(columns), separator=", ", ignore_nulls=True)
    frame = pl.DataFrame(columns).select(names=joined)
    return frame.select(pl.when(pl.col("names") != "").then("names").alias("names"))["names"]


def _create_conversations(
    rng: np.random.Generator, people: People, profiles: Profiles, outcome: Outcome, labels: Ints, end: int
) -> pl.DataFrame:
    count = len(profiles.number)
    number = profiles.number + 1
    last_at = outcome.last_at
    quiet = np.where(rng.random(count) < 0.06, rng.integers(0, 2 * DAY, count), rng.integers(0, 40_000, count))
    seen = np.minimum(last_at + rng.integers(SECOND, 90 * MINUTE, count), end - 1)
    snoozed_until = np.where(outcome.status == SNOOZED, last_at + rng.integers(DAY, 9 * DAY, count), NEVER)
    has_priority = rng.random(count) < 0.12
    channel = pl.Series(people.inbox_channel).gather(profiles.inbox)
    frame = pl.DataFrame(
        {
            "id": number,
            "account_id": profiles.account + 1,
            "inbox_id": people.inbox_id[profiles.inbox],
            "status": outcome.status,
            "assignee_id": pl.Series(outcome.assignee).replace(0, None),
            "created_at": profiles.created.view("datetime64[us]"),
            "updated_at": np.maximum(np.minimum(last_at + quiet, end - 1), last_at).view("datetime64[us]"),
            "contact_id": pl.Series(
                np.where(select_every(profiles.number, 307, offset=11), 0, profiles.contact)
            ).replace(0, None),
            # Set by the trigger.
            "display_id": np.zeros(count, np.int64),
            "contact_last_seen_at": np.where(rng.random(count) < 0.8, seen, NEVER).view("datetime64[us]"),
            "agent_last_seen_at": np.where(profiles.answered, seen, NEVER).view("datetime64[us]"),
            "assignee_last_seen_at": np.where(outcome.assignee > 0, seen, NEVER).view("datetime64[us]"),
            "additional_attributes": channel.replace_strict(_ADDITIONAL, default="{}"),
            "contact_inbox_id": profiles.contact_inbox,
            "uuid": _uuids(rng, count),
            "identifier": pl.Series(number).cast(pl.String),
            "last_activity_at": last_at.view("datetime64[us]"),
            "team_id": pl.Series(_teams(rng, people, profiles)).replace(0, None),
            "snoozed_until": snoozed_until.view("datetime64[us]"),
            "custom_attributes": conversation_attributes(number, profiles.account, rng),
            "first_reply_created_at": outcome.first_reply_at.view("datetime64[us]"),
            "priority": pl.Series(np.where(has_priority, rng.integers(0, 4, count), -1)).replace(-1, None),
            "waiting_since": outcome.waiting_since.view("datetime64[us]"),
            "cached_label_list": _label_lists(people, labels),
            "assignee_agent_bot_id": pl.Series(
                np.where(profiles.bot_only, people.inbox_bot[profiles.inbox], 0)
            ).replace(0, None),
        }
    )
    identifier = pl.when(pl.Series(channel == "Channel::Api")).then(pl.lit("chamado-") + pl.col("identifier"))
    return frame.with_columns(identifier=identifier).filter(~_is_deleted(profiles))


def _is_deleted(profiles: Profiles) -> Bools:
    """Return which conversations are deleted although the rows that depend on them are not."""
    return select_every(profiles.number, 353, offset=17)


def _teams(rng: np.random.Generator, people: People, profiles: Profiles) -> Ints:
    count = len(profiles.number)
    place = (rng.random(count) * people.teams_count[profiles.account]).astype(np.int64)
    team = np.where(rng.random(count) < 0.7, people.teams[profiles.account, place], 0)
    teams: Ints = np.where(select_every(profiles.number, 389, offset=23), people.team_gone[profiles.account], team)
    return teams


def _uuids(rng: np.random.Generator, count: int) -> pl.Series:
    """Draw UUIDs of version 4."""
    octets = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    octets[:, 6] = octets[:, 6] & 0x0F | 0x40
    octets[:, 8] = octets[:, 8] & 0x3F | 0x80
    digits = octets.tobytes().hex()
    return pl.Series([digits[start : start + 32] for start in range(0, len(digits), 32)])


def _create_taggings(profiles: Profiles, labels: Ints, end: int) -> pl.DataFrame:
    conversation, place = np.nonzero(labels)
    at = np.minimum(profiles.created[conversation] + (place + 1) * 3 * MINUTE, end - 1)
    return pl.DataFrame(
        {
            "tag_id": labels[conversation, place],
            "taggable_id": profiles.number[conversation] + 1,
            "created_at": at.view("datetime64[us]"),
        }
    ).with_columns(taggable_type=pl.lit("Conversation"), context=pl.lit("labels"))


def _create_participants(
    people: People, profiles: Profiles, timeline: Timeline, outcome: Outcome, end: int
) -> pl.DataFrame:
    """Return the rows of `conversation_participants`: everyone to whom a conversation was assigned.

    Some new conversations were assigned automatically, of which no message tells, before an agent got them.
    """
    place = np.flatnonzero(timeline.kind == ASSIGNED)
    conversation = timeline.conversation[place]
    account = profiles.account[conversation]
    colleague = people.agents[account, profiles.number[conversation] % people.agents_count[account]]
    is_new = select_every(profiles.number[conversation], 6, offset=1) & (profiles.bot_turns[conversation] == 0)
    assignee = outcome.assignee[conversation]
    is_first = is_new & (colleague != assignee)
    user = np.concatenate([assignee, np.where(is_first, colleague, 0)])
    at = np.concatenate([timeline.sent_at[place], profiles.created[conversation]]) + _JOB
    of = np.concatenate([conversation, conversation])
    # The rows of deleted users are deleted with them.
    order = np.lexsort((user, at))
    kept = order[((user > 0) & ~people.user_gone[user] & (at < end))[order]]
    added = at[kept].view("datetime64[us]")
    return pl.DataFrame(
        {
            "account_id": profiles.account[of[kept]] + 1,
            "user_id": user[kept],
            "conversation_id": profiles.number[of[kept]] + 1,
            "created_at": added,
            "updated_at": added,
        }
    )
