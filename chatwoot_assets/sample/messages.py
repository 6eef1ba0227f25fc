"""The rows of `messages`, and of `attachments` and `mentions`, which belong to single messages.

The course of a conversation is decided before, in `threads.py`; the words are in `texts.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.contacts import first_name
from chatwoot_assets.sample.size import MINUTE, SECOND, Bools, Ints
from chatwoot_assets.sample.texts import (
    ATTRIBUTES,
    AUTOMATED,
    DELETED,
    ECHOED,
    EMAIL,
    EMPTY,
    MENU,
    NULL,
    OPENING,
    PLAIN,
    SUBJECTS,
    SURVEYED,
    Texts,
)
from chatwoot_assets.sample.threads import (
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
    Thread,
)
from chatwoot_assets.sample.vocabulary import DELETED_LINE

if TYPE_CHECKING:
    from chatwoot_assets.sample.casting import Cast
    from chatwoot_assets.sample.outcomes import Outcome
    from chatwoot_assets.sample.people import People
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
# How each channel names a message; those that name none are absent.
_SOURCES = {
    "Channel::Whatsapp": "wamid.HBgN",
    "Channel::Instagram": "aWdfZAG1faXRlb",
    "Channel::Email": "msg-",
    "Channel::Telegram": "",
}
_FILE_TYPES = np.array([0, 1, 2, 3, 4])  # image, audio, video, file, location
_EXTENSIONS = pl.Series(["jpg", "ogg", "mp4", "pdf", None])


@dataclass(frozen=True)
class Written:
    """What is decided about the messages of a block, an element each, in the order of `Thread`."""

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


def write(
    rng: np.random.Generator,
    people: People,
    texts: Texts,
    found: Cast,
    said: Thread,
    outcome: Outcome,
    rated: Ratings,
    message_id: Ints,
) -> Written:
    """Decide what each message says, and how it is marked."""
    count = len(said.kind)
    kind, conversation = said.kind, said.conversation
    account = found.account[conversation]
    talk = np.isin(kind, (CONTACT, AGENT))
    deleted = talk & ~said.opens & ~outcome.is_first_reply & (rng.random(count) < 0.005)
    attached = talk & ~deleted & (rng.random(count) < 0.047)
    mentioned = np.where((kind == NOTE) & (rng.random(count) < 0.3), people.agents[account, 1], 0)
    sender, sender_id = _senders(people, found, said, outcome)
    email = (np.array(people.inbox_channel) == "Channel::Email")[found.inbox[conversation]] & (kind == CONTACT)
    menu = (kind == BOT) & (rng.random(count) < 0.3)
    content_type = np.select(
        [deleted, kind == SURVEY, email, menu], [TEXT, INPUT_CSAT, INCOMING_EMAIL, INPUT_SELECT], TEXT
    )
    attributes = _attributes(rng, said, rated)
    attributes = np.where(email, EMAIL + account * SUBJECTS + rng.integers(0, SUBJECTS, count), attributes)
    attributes = np.select([deleted, menu], [DELETED, MENU], attributes)
    replies = talk & ~said.opens & ~deleted & ~email & (rng.random(count) < 0.05)
    return Written(
        head=_heads(rng, texts, found, said, outcome, mentioned),
        text=texts.pick(rng, np.where(said.opens & (kind == CONTACT), OPENING, kind), account),
        tail=_tails(rng, texts, found, said, outcome),
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


def _senders(people: People, found: Cast, said: Thread, outcome: Outcome) -> tuple[Ints, Ints]:
    """Return each sender's type and id; a deleted agent leaves none, nor do programs."""
    kind = said.kind
    human = np.isin(kind, (AGENT, NOTE)) & ~people.user_gone[outcome.writer]
    bot = people.inbox_bot[found.inbox[said.conversation]]
    cases = [kind == CONTACT, human, kind == BOT, kind == CAPTAIN]
    ids = [found.contact[said.conversation], outcome.writer, bot, np.full(len(kind), _CAPTAIN_ID)]
    return np.select(cases, [1, 2, 3, 4], 0), np.select(cases, ids, 0)


def _attributes(rng: np.random.Generator, said: Thread, rated: Ratings) -> Ints:
    """Choose what content_attributes holds: mostly nothing, in one of three spellings of it."""
    nothing = rng.choice(np.array([PLAIN, NULL, EMPTY]), len(said.kind), p=[0.55, 0.1, 0.35])
    rating = np.zeros(len(said.kind), np.int64)
    rating[rated.message] = rated.rating
    cases = [said.kind == AUTOMATION, said.kind == ECHO, said.kind == SURVEY]
    return np.select(
        cases, [np.full(len(nothing), AUTOMATED), np.full(len(nothing), ECHOED), SURVEYED + rating], nothing
    )


def _heads(
    rng: np.random.Generator, texts: Texts, found: Cast, said: Thread, outcome: Outcome, mentioned: Ints
) -> Ints:
    """Address the contact in a first reply, and colleagues in notes."""
    greets = outcome.is_first_reply & (rng.random(len(said.kind)) < 0.7)
    name = texts.greeting + first_name(found.contact[said.conversation])
    return np.select([greets, mentioned > 0], [name, texts.mention + mentioned], 0)


def _tails(rng: np.random.Generator, texts: Texts, found: Cast, said: Thread, outcome: Outcome) -> Ints:
    """Add details to some messages, and to activities who did it: without an agent, the system."""
    talks = np.isin(said.kind, (CONTACT, AGENT)) & (rng.random(len(said.kind)) < 0.5)
    detail = rng.integers(0, texts.name, len(said.kind))
    agent = np.where(found.answered, found.agent, 0)[said.conversation]
    agent = np.where(said.kind == ASSIGNED, outcome.writer, agent)
    acts = np.isin(said.kind, _ACTIVITIES)
    return np.select([talks, acts], [detail, texts.name + agent], 0)


def message_frame(
    rng: np.random.Generator,
    people: People,
    texts: Texts,
    found: Cast,
    said: Thread,
    written: Written,
    order: Ints,
    message_id: Ints,
    end: int,
) -> pl.DataFrame:
    """Make the rows of messages, in the order of their ids."""
    updated, status = _deliveries(rng, said, written.deleted, end)
    conversation = said.conversation[order]
    kind = said.kind[order]
    channel = pl.Series(people.inbox_channel).gather(found.inbox[conversation])
    frame = pl.DataFrame(
        {
            "id": message_id[order],
            "content": texts.heads.gather(written.head[order])
            + texts.texts.gather(written.text[order])
            + texts.tails.gather(written.tail[order]),
            "account_id": found.account[conversation] + 1,
            "inbox_id": people.inbox_id[found.inbox[conversation]],
            "conversation_id": found.number[conversation] + 1,
            "message_type": _TYPES[kind],
            "created_at": said.at[order].view("datetime64[us]"),
            "updated_at": updated[order].view("datetime64[us]"),
            "private": kind == NOTE,
            "status": status[order],
            "source_id": channel.replace_strict(_SOURCES, default=None, return_dtype=pl.String),
            "content_type": written.content_type[order],
            "content_attributes": ATTRIBUTES.gather(written.attributes[order]),
            "sender_type": _SENDERS.gather(written.sender[order]),
            "sender_id": written.sender_id[order],
            "reply_to": written.reply_to[order],
            "deleted": written.deleted[order],
            "bare": written.bare[order],
            "numbered": (written.tail[order] >= texts.numbered) & (written.tail[order] < texts.name),
            "remote": np.isin(kind, (CONTACT, AGENT, ECHO, BOT)),
            "spoken": np.isin(kind, (CONTACT, AGENT)),
        }
    )
    return _finished(frame)


def _deliveries(rng: np.random.Generator, said: Thread, deleted: Bools, end: int) -> tuple[Ints, Ints]:
    """Return when each message changed last, and its delivery status."""
    count = len(said.kind)
    outgoing = np.isin(said.kind, (AGENT, ECHO, BOT, CAPTAIN, AUTOMATION))
    status = np.where(outgoing, rng.choice(4, count, p=[0.12, 0.15, 0.72, 0.01]), 0)
    later = np.where(status > 0, rng.lognormal(np.log(4 * MINUTE), 1.6, count), 0)
    later = np.where(deleted, SECOND * 20 + rng.random(count) * 300 * MINUTE, later)
    updated = np.maximum(np.minimum(said.at + later.astype(np.int64), end - 1), said.at)
    return updated, status


def _finished(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn the marks of messages into columns of the table."""
    # A number without an obvious order, as a channel's own ids are.
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


def attachment_frame(
    rng: np.random.Generator, found: Cast, said: Thread, written: Written, order: Ints, message_id: Ints
) -> pl.DataFrame:
    """Make the rows of attachments, without their ids; the files themselves are not in the database."""
    message = order[written.attached[order]]
    count = len(message)
    kind = rng.choice(_FILE_TYPES, count, p=[0.62, 0.14, 0.05, 0.15, 0.04])
    here = kind == 4
    at = said.at[message].view("datetime64[us]")
    return pl.DataFrame(
        {
            "file_type": kind,
            "coordinates_lat": np.where(here, -23.55 + rng.random(count).round(3) / 10, 0.0).round(4),
            "coordinates_long": np.where(here, -46.63 + rng.random(count).round(3) / 10, 0.0).round(4),
            "message_id": message_id[message],
            "account_id": found.account[said.conversation[message]] + 1,
            "created_at": at,
            "updated_at": at,
            "extension": _EXTENSIONS.gather(kind),
        }
    )


def mention_frame(people: People, found: Cast, said: Thread, written: Written) -> pl.DataFrame:
    """Make the rows of mentions, without their ids: one for each user and conversation."""
    message = np.flatnonzero((written.mentioned > 0) & ~people.user_gone[written.mentioned])
    conversation = said.conversation[message]
    at = said.at[message].view("datetime64[us]")
    return pl.DataFrame(
        {
            "user_id": written.mentioned[message],
            "conversation_id": found.number[conversation] + 1,
            "account_id": found.account[conversation] + 1,
            "mentioned_at": at,
            "created_at": at,
            "updated_at": at,
        }
    ).unique(["user_id", "conversation_id"], keep="first", maintain_order=True)
