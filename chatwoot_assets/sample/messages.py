"""The contents of messages, and the rows of `messages`, `attachments` and `mentions`.

The kinds and times of messages are drawn in `timelines.py`; the words are in `texts.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.contacts import first_name_index
from chatwoot_assets.sample.profiles import select_every
from chatwoot_assets.sample.size import MINUTE, SECOND, Bools, Ints
from chatwoot_assets.sample.texts import (
    ATTRIBUTES,
    AUTOMATED,
    DELETED,
    ECHOED,
    EMAIL,
    EMPTY,
    LONG_MAIL,
    MENU,
    NULL,
    OPENING,
    PLAIN,
    SUBJECTS,
    SURVEYED,
    WHOLE_MAIL,
    Texts,
)
from chatwoot_assets.sample.timelines import (
    AGENT,
    ASSIGNED,
    AUTOMATION,
    BOT,
    CAPTAIN,
    CONTACT,
    ECHO,
    GREETING,
    KINDS,
    LABELLED,
    NOTE,
    REOPENED,
    RESOLVED,
    SNOOZED,
    SURVEY,
    Timeline,
)
from chatwoot_assets.sample.vocabulary import DELETED_LINE

if TYPE_CHECKING:
    from chatwoot_assets.sample.outcomes import Outcome
    from chatwoot_assets.sample.people import People
    from chatwoot_assets.sample.profiles import Profiles
    from chatwoot_assets.sample.ratings import Ratings

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
_TYPES = np.full(KINDS, OUTGOING)
_TYPES[CONTACT] = INCOMING
_TYPES[[GREETING, SURVEY]] = TEMPLATE
_ACTIVITIES = (ASSIGNED, RESOLVED, REOPENED, LABELLED, SNOOZED)
_TYPES[list(_ACTIVITIES)] = ACTIVITY

TEXT, INPUT_SELECT, INCOMING_EMAIL, INPUT_CSAT = 0, 4, 8, 9
_SENDERS = pl.Series([None, "Contact", "User", "AgentBot", "Captain::Assistant"])
_CAPTAIN_ID = 1
# The period and offset of messages whose attributes have the mail's content, see `select_every`.
WHOLE_MAILS, LONG_MAILS = (4, 1), (211, 3)
# The prefix of each channel's message ids; other channels have none.
_SOURCES = {
    "Channel::Whatsapp": "wamid.HBgN",
    "Channel::Instagram": "aWdfZAG1faXRlb",
    "Channel::Email": "msg-",
    "Channel::Telegram": "",
}
_FILE_TYPES = np.array([0, 1, 2, 3, 4])  # image, audio, video, file, location
_EXTENSIONS = pl.Series(["jpg", "ogg", "mp4", "pdf", None])


@dataclass(frozen=True)
class Contents:
    """The contents of a block of messages, one element per message, in the order of `Timeline`."""

    head: Ints
    text: Ints
    tail: Ints
    attributes: Ints
    reply_to: Ints
    content_type: Ints
    sender: Ints
    sender_id: Ints
    deleted: Bools
    attached: Bools
    bare: Bools
    mentioned: Ints


def draw_contents(
    rng: np.random.Generator,
    people: People,
    texts: Texts,
    profiles: Profiles,
    timeline: Timeline,
    outcome: Outcome,
    ratings: Ratings,
    message_id: Ints,
) -> Contents:
    """Draw the content and the attributes of each message."""
    count = len(timeline.kind)
    kind, conversation = timeline.kind, timeline.conversation
    account = profiles.account[conversation]
    talk = np.isin(kind, (CONTACT, AGENT))
    deleted = talk & ~timeline.opens & ~outcome.is_first_reply & (rng.random(count) < 0.005)
    attached = talk & ~deleted & (rng.random(count) < 0.047)
    mentioned = np.where((kind == NOTE) & (rng.random(count) < 0.3), people.agents[account, 1], 0)
    sender, sender_id = _senders(people, profiles, timeline, outcome)
    email = (np.array(people.inbox_channel) == "Channel::Email")[profiles.inbox[conversation]] & (kind == CONTACT)
    menu = (kind == BOT) & (rng.random(count) < 0.3)
    content_type = np.select(
        [deleted, kind == SURVEY, email, menu], [TEXT, INPUT_CSAT, INCOMING_EMAIL, INPUT_SELECT], TEXT
    )
    attributes = _attributes(rng, timeline, ratings)
    mail = EMAIL + account * SUBJECTS + rng.integers(0, SUBJECTS, count)
    mail = np.where(select_every(message_id, *WHOLE_MAILS), WHOLE_MAIL + account, mail)
    mail = np.where(select_every(message_id, *LONG_MAILS), LONG_MAIL + account, mail)
    attributes = np.where(email, mail, attributes)
    attributes = np.select([deleted, menu], [DELETED, MENU], attributes)
    replies = talk & ~timeline.opens & ~deleted & ~email & (rng.random(count) < 0.05)
    return Contents(
        head=_heads(rng, texts, profiles, timeline, outcome, mentioned),
        text=texts.pick(rng, np.where(timeline.opens & (kind == CONTACT), OPENING, kind), account),
        tail=_tails(rng, texts, profiles, timeline, outcome),
        attributes=attributes,
        reply_to=np.where(replies, np.append(0, message_id[:-1]), 0),
        content_type=content_type,
        sender=sender,
        sender_id=sender_id,
        deleted=deleted,
        attached=attached,
        bare=attached & (rng.random(count) < 0.5),
        mentioned=mentioned,
    )


def _senders(people: People, profiles: Profiles, timeline: Timeline, outcome: Outcome) -> tuple[Ints, Ints]:
    """Return each sender's type and id, 0 for none: messages of deleted agents and of programs have no sender."""
    kind = timeline.kind
    human = np.isin(kind, (AGENT, NOTE)) & ~people.user_gone[outcome.writer]
    bot = people.inbox_bot[profiles.inbox[timeline.conversation]]
    cases = [kind == CONTACT, human, kind == BOT, kind == CAPTAIN]
    ids = [profiles.contact[timeline.conversation], outcome.writer, bot, np.full(len(kind), _CAPTAIN_ID)]
    return np.select(cases, [1, 2, 3, 4], 0), np.select(cases, ids, 0)


def _attributes(rng: np.random.Generator, timeline: Timeline, ratings: Ratings) -> Ints:
    """Draw the content_attributes: mostly none, which is written in three different ways."""
    nothing = rng.choice(np.array([PLAIN, NULL, EMPTY]), len(timeline.kind), p=[0.55, 0.1, 0.35])
    rating = np.zeros(len(timeline.kind), np.int64)
    rating[ratings.message] = ratings.rating
    cases = [timeline.kind == AUTOMATION, timeline.kind == ECHO, timeline.kind == SURVEY]
    return np.select(
        cases, [np.full(len(nothing), AUTOMATED), np.full(len(nothing), ECHOED), SURVEYED + rating], nothing
    )


def _heads(
    rng: np.random.Generator, texts: Texts, profiles: Profiles, timeline: Timeline, outcome: Outcome, mentioned: Ints
) -> Ints:
    """Draw the heads: first replies address the contact, and notes address colleagues."""
    greets = outcome.is_first_reply & (rng.random(len(timeline.kind)) < 0.7)
    name = texts.greeting + first_name_index(profiles.contact[timeline.conversation])
    return np.select([greets, mentioned > 0], [name, texts.mention + mentioned], 0)


def _tails(rng: np.random.Generator, texts: Texts, profiles: Profiles, timeline: Timeline, outcome: Outcome) -> Ints:
    """Draw the tails: details for some messages, and the agent of activities, or the system."""
    talks = np.isin(timeline.kind, (CONTACT, AGENT)) & (rng.random(len(timeline.kind)) < 0.5)
    detail = rng.integers(0, texts.name, len(timeline.kind))
    agent = np.where(profiles.answered, profiles.agent, 0)[timeline.conversation]
    agent = np.where(timeline.kind == ASSIGNED, outcome.writer, agent)
    # A label is added, or a priority changed, by the system: its sentence begins with that.
    acts = np.isin(timeline.kind, _ACTIVITIES) & (timeline.kind != LABELLED)
    return np.select([talks, acts], [detail, texts.name + agent], 0)


def create_messages(
    rng: np.random.Generator,
    people: People,
    texts: Texts,
    profiles: Profiles,
    timeline: Timeline,
    contents: Contents,
    order: Ints,
    message_id: Ints,
    end: int,
) -> pl.DataFrame:
    """Return the rows of messages, in order of their ids."""
    updated, status = _deliveries(rng, timeline, contents.deleted, end)
    conversation = timeline.conversation[order]
    kind = timeline.kind[order]
    channel = pl.Series(people.inbox_channel).gather(profiles.inbox[conversation])
    frame = pl.DataFrame(
        {
            "id": message_id[order],
            "content": texts.heads.gather(contents.head[order])
            + texts.texts.gather(contents.text[order])
            + texts.tails.gather(contents.tail[order]),
            "account_id": profiles.account[conversation] + 1,
            "inbox_id": people.inbox_id[profiles.inbox[conversation]],
            "conversation_id": profiles.number[conversation] + 1,
            "message_type": _TYPES[kind],
            "created_at": timeline.sent_at[order].view("datetime64[us]"),
            "updated_at": updated[order].view("datetime64[us]"),
            "private": kind == NOTE,
            "status": status[order],
            "source_id": channel.replace_strict(_SOURCES, default=None, return_dtype=pl.String),
            "content_type": contents.content_type[order],
            "content_attributes": ATTRIBUTES.gather(contents.attributes[order]),
            "sender_type": _SENDERS.gather(contents.sender[order]),
            "sender_id": contents.sender_id[order],
            "reply_to": contents.reply_to[order],
            "deleted": contents.deleted[order],
            "bare": contents.bare[order],
            "numbered": (contents.tail[order] >= texts.numbered) & (contents.tail[order] < texts.name),
            "remote": np.isin(kind, (CONTACT, AGENT, ECHO, BOT)),
            "spoken": np.isin(kind, (CONTACT, AGENT)),
        }
    )
    return _finish_columns(frame)


def _deliveries(rng: np.random.Generator, timeline: Timeline, deleted: Bools, end: int) -> tuple[Ints, Ints]:
    """Draw when each message was last changed, and its delivery status."""
    count = len(timeline.kind)
    outgoing = np.isin(timeline.kind, (AGENT, ECHO, BOT, CAPTAIN, AUTOMATION))
    status = np.where(outgoing, rng.choice(4, count, p=[0.12, 0.15, 0.72, 0.01]), 0)
    later = np.where(status > 0, rng.lognormal(np.log(4 * MINUTE), 1.6, count), 0)
    later = np.where(deleted, SECOND * 20 + rng.random(count) * 300 * MINUTE, later)
    updated = np.maximum(np.minimum(timeline.sent_at + later.astype(np.int64), end - 1), timeline.sent_at)
    return updated, status


def _finish_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace the helper columns by the columns of the table."""
    # A number without an obvious order, as in a channel's ids.
    token = (pl.col("id").cast(pl.Int64) * 6_364_136_223 % 1_000_000_000_039).cast(pl.String).str.zfill(13)
    text = pl.col("content") + pl.when("numbered").then(token.str.slice(7)).otherwise(pl.lit(""))
    content = pl.when("deleted").then(pl.lit(DELETED_LINE)).when(~pl.col("bare")).then(text)
    reply = pl.lit('"{\\"in_reply_to\\":') + pl.col("reply_to").cast(pl.String) + '}"'
    return frame.with_columns(
        content=content,
        content_attributes=pl.when(pl.col("reply_to") > 0).then(reply).otherwise("content_attributes"),
        sender_id=pl.when(pl.col("sender_type").is_not_null()).then("sender_id"),
        source_id=pl.when(pl.col("remote")).then(pl.col("source_id") + token),
        processed_message_content=pl.when(pl.col("spoken") & ~pl.col("deleted")).then(content),
    ).drop("reply_to", "deleted", "bare", "numbered", "remote", "spoken")


def create_attachments(
    rng: np.random.Generator, profiles: Profiles, timeline: Timeline, contents: Contents, order: Ints, message_id: Ints
) -> pl.DataFrame:
    """Return the rows of attachments, without ids; the files themselves are not in the database."""
    message = order[contents.attached[order]]
    count = len(message)
    kind = rng.choice(_FILE_TYPES, count, p=[0.62, 0.14, 0.05, 0.15, 0.04])
    here = kind == 4
    at = timeline.sent_at[message].view("datetime64[us]")
    return pl.DataFrame(
        {
            "file_type": kind,
            "coordinates_lat": np.where(here, -23.55 + rng.random(count).round(3) / 10, 0.0).round(4),
            "coordinates_long": np.where(here, -46.63 + rng.random(count).round(3) / 10, 0.0).round(4),
            "message_id": message_id[message],
            "account_id": profiles.account[timeline.conversation[message]] + 1,
            "created_at": at,
            "updated_at": at,
            "extension": _EXTENSIONS.gather(kind),
        }
    )


def create_mentions(people: People, profiles: Profiles, timeline: Timeline, contents: Contents) -> pl.DataFrame:
    """Return the rows of mentions, without ids: one per user and conversation."""
    message = np.flatnonzero((contents.mentioned > 0) & ~people.user_gone[contents.mentioned])
    conversation = timeline.conversation[message]
    at = timeline.sent_at[message].view("datetime64[us]")
    return pl.DataFrame(
        {
            "user_id": contents.mentioned[message],
            "conversation_id": profiles.number[conversation] + 1,
            "account_id": profiles.account[conversation] + 1,
            "mentioned_at": at,
            "created_at": at,
            "updated_at": at,
        }
    ).unique(["user_id", "conversation_id"], keep="first", maintain_order=True)
