"""Collect what is known about the assignees of conversations: what changed them, and what only tells who they were.

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.activity_sentences import ASSIGNED, TEAM_ASSIGNED, UNASSIGNED
from chatwoot_assets.metrics.participants import find_unnamed_participants, match_sentences
from chatwoot_assets.metrics.status import HANDOFF_EVENT, OPENED_EVENT, RESOLVED_EVENT, SAME_CHANGE

# The events that name the assignee at that time; a first response names its writer.
_EVENTS_OF_ASSIGNEES = (RESOLVED_EVENT, OPENED_EVENT, HANDOFF_EVENT, "reply_time")

# A sentence, or a participant who was added when the conversation opened, changes the assignee. An event, and the
# assignee now, only tell whether there is one.
TAKEN, AUTO_TAKEN, FREED, HAD_AGENT, HAD_NOBODY = "taken", "taken when opened", "freed", "had agent", "had nobody"
# These may have changed the assignee: another team, an opening, a participant who was added for some reason.
TEAM, OPENED, UNPROVEN = "team", "opened", "unproven"

_KEY = "conversation_id"


def collect_steps(
    conversations: pl.DataFrame,
    participants: pl.DataFrame,
    activity: pl.DataFrame,
    events: pl.DataFrame,
    marked_messages: pl.DataFrame,
    status_changes: pl.DataFrame,
) -> pl.DataFrame:
    """Return all that is known about the assignees of conversations with participants, in order.

    Returns:
        conversation_id, occurred_at (NULL for now, in the last row), step, agent, user_id.
    """
    ids = conversations.select(pl.col("id").alias(_KEY))
    own_activity, own_events = (rows.join(ids, on=_KEY, how="semi") for rows in (activity, events))
    opened = (
        status_changes.filter(pl.col("status") == "open")
        .join(ids, on=_KEY, how="semi")
        .select(_KEY, "occurred_at")
        .sort("occurred_at", maintain_order=True)
    )
    notes = marked_messages.filter(pl.col("is_note") & (pl.col("sender_type") == "User")).select(
        _KEY, pl.col("created_at").alias("occurred_at")
    )
    sentences = own_activity.filter(pl.col("change") == ASSIGNED).select(_KEY, "occurred_at", "agent")
    matched = match_sentences(sentences, participants)
    unnamed = find_unnamed_participants(participants, sentences, matched, conversations, notes.sort("occurred_at"))
    changes = pl.concat(
        [
            own_activity.filter(pl.col("change").is_in([ASSIGNED, UNASSIGNED])).select(
                _KEY,
                "occurred_at",
                pl.when(pl.col("change") == ASSIGNED).then(pl.lit(TAKEN)).otherwise(pl.lit(FREED)).alias("step"),
                "agent",
            ),
            _name_agents(unnamed, sentences, matched).pipe(_date_openings, opened),
        ],
        how="diagonal",
    ).sort("occurred_at", maintain_order=True)
    has_agent = pl.when(pl.col("user_id").is_not_null()).then(pl.lit(HAD_AGENT)).otherwise(pl.lit(HAD_NOBODY))
    parts = [
        changes,
        own_activity.filter(pl.col("change") == TEAM_ASSIGNED).select(_KEY, "occurred_at", pl.lit(TEAM).alias("step")),
        _find_possible_assignments(opened, conversations, participants).with_columns(pl.lit(OPENED).alias("step")),
        _leave_out_races(find_assignees(own_events), changes).with_columns(has_agent.alias("step")),
        conversations.select(
            pl.col("id").alias(_KEY), pl.col("assignee_id").cast(pl.Int64).alias("user_id")
        ).with_columns(has_agent.alias("step")),
    ]
    return pl.concat(parts, how="diagonal").sort(_KEY, "occurred_at", nulls_last=True, maintain_order=True)


def _date_openings(unnamed: pl.DataFrame, opened: pl.DataFrame) -> pl.DataFrame:
    """Return the participants who may have been assigned, and the step: when it opened, or not proven.

    A note mentions those who follow it, unless the conversation opened at that time as well.
    """
    openings = opened.select(_KEY, "occurred_at", pl.col("occurred_at").alias("opened_at"))
    is_opening, follows_note = pl.col("opened_at").is_not_null(), pl.col("follows_note")
    return (
        unnamed.sort("occurred_at")
        .join_asof(
            openings, on="occurred_at", by=_KEY, strategy="nearest", tolerance=SAME_CHANGE, check_sortedness=False
        )
        .filter(is_opening | ~follows_note)
        .with_columns(
            pl.when(is_opening & ~follows_note).then(pl.lit(AUTO_TAKEN)).otherwise(pl.lit(UNPROVEN)).alias("step")
        )
        .drop("opened_at", "follows_note")
    )


def find_assignees(events: pl.DataFrame) -> pl.DataFrame:
    """Return whom events name as assignee: conversation_id, occurred_at (when it was written down), user_id."""
    return (
        events.filter(pl.col("name").is_in(_EVENTS_OF_ASSIGNEES))
        .select(_KEY, pl.coalesce("created_at", "event_end_time").alias("occurred_at"), "user_id")
        .filter(pl.col("occurred_at").is_not_null())
        .sort("occurred_at", maintain_order=True)
    )


def _name_agents(unnamed: pl.DataFrame, sentences: pl.DataFrame, matched: pl.DataFrame) -> pl.DataFrame:
    """Return participants, whose agent is NULL where a sentence may name the same one."""
    unmatched = sentences.join(matched, on=[_KEY, "agent"], how="anti")[_KEY].unique()
    is_ambiguous = pl.col(_KEY).is_in(unmatched.implode()) & pl.col("agent").str.contains(r"^\d+$")
    return unnamed.with_columns(pl.when(~is_ambiguous).then("agent").alias("agent"))


def _find_possible_assignments(
    opened: pl.DataFrame, conversations: pl.DataFrame, participants: pl.DataFrame
) -> pl.DataFrame:
    """Return the openings at which Chatwoot may have assigned somebody who was a participant already."""
    first = participants.group_by(_KEY).agg(pl.col("since").min())
    assigns = conversations.filter(pl.col("inbox_auto_assigns").fill_null(value=True)).select(pl.col("id").alias(_KEY))
    return (
        opened.join(assigns, on=_KEY, how="semi", maintain_order="left")
        .join(first, on=_KEY, maintain_order="left")
        .filter(pl.col("occurred_at") > pl.col("since"))
        .select(_KEY, "occurred_at")
    )


def _leave_out_races(assignees: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return what events tell, except near a change: a background job reads the assignee some time after the event."""
    near = changes.select(_KEY, "occurred_at", pl.col("occurred_at").alias("changed_at"))
    return (
        assignees.join_asof(
            near, on="occurred_at", by=_KEY, strategy="nearest", tolerance=SAME_CHANGE, check_sortedness=False
        )
        .filter(pl.col("changed_at").is_null())
        .drop("changed_at")
    )
