"""Hypothesis strategies for the values of random histories."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from chatwoot_assets_tests.soak.environment import DAYS_AGO
from chatwoot_assets_tests.soak.interruption import CALLS_PER_RUN
from chatwoot_assets_tests.soak.source import AGENTS, CONTACTS, INBOXES, TAGS

# A day after the first partition, and a time.
Instant = tuple[int, str]

# The position of a row among those that exist.
numbers = st.integers(0, 40)
flags = st.booleans()
# Most rows are committed at once.
late_flags = st.sampled_from([False, False, False, True])

# In São Paulo a day begins at 03:00 UTC; some times are next to that instant.
_TIMES = st.one_of(
    st.sampled_from(["02:59:59.999999", "03:00:00", "03:00:00.000001"]),
    st.builds("{:02}:{:02}:{:02}.{:06}".format, st.integers(0, 23), *[st.integers(0, 59)] * 2, st.integers(0, 999_999)),
)
# Some instants are before the first partition, some in the future.
instants = st.tuples(st.integers(-1, DAYS_AGO + 2), _TIMES)

statuses = st.sampled_from([0, 1, 2, 3, 7])
texts = st.sampled_from([None, "", "oi", 'olá, "você" aí\n\\', "🙂 " * 40, "NULL", "a,b;c\r\n"])
ratings = st.integers(1, 5)
tags = st.sampled_from(TAGS)
inboxes = st.sampled_from(INBOXES)
events = st.sampled_from(
    ["conversation_resolved", "conversation_opened", "conversation_bot_handoff", "first_response", "reply_time"]
)
senders = st.one_of(
    st.sampled_from(CONTACTS).map(lambda id_: ("Contact", id_, 0)),
    st.sampled_from(AGENTS).map(lambda id_: ("User", id_, 1)),
    st.sampled_from([(None, None, 2), ("AgentBot", 9, 3)]),
)
conversations = st.fixed_dictionaries(
    {
        "status": statuses,
        "assignee_id": st.one_of(st.none(), st.sampled_from(AGENTS)),
        "contact_id": st.one_of(st.none(), st.sampled_from(CONTACTS)),
        "inbox_id": st.sampled_from(INBOXES),
        "priority": st.one_of(st.none(), st.integers(0, 4)),
    }
)
ranges = st.tuples(st.integers(0, DAYS_AGO), st.integers(0, DAYS_AGO)).map(sorted)
calls = st.integers(1, CALLS_PER_RUN)
# Restarting a server takes a second, so it is the rarest fault.
_FAULTS = ["no fault", "source changes", "source closes connections", "target closes connections"]
faults = st.sampled_from([*_FAULTS, *_FAULTS, "target restarts"])


def format_instant(start: datetime.date, instant: Instant) -> str:
    """Return an instant as text for PostgreSQL."""
    days, time = instant
    return f"{start + datetime.timedelta(days=days)} {time}"
