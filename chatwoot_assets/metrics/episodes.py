"""Compute the rows of episodes: the stretches of service inside conversations.

An endless conversation holds many: the contact writes, is served, and writes again weeks later. An episode begins with
the conversation's first message, or with the first incoming message, human reply or opening after a resolution that
has lasted for a gap of some hours. It ends with its last resolution. Activity, templates, surveys, automation and
campaigns neither begin nor continue one. What an import wrote is resolved: the first of these in Chatwoot begins one.

Pure functions on frames. How the seconds in each status are counted is in `episode_times.py`.
"""

from __future__ import annotations

import datetime

import polars as pl

from chatwoot_assets.activity_sentences import AGENT, BOT, CONTACT, OPENED, RESOLVED, SYSTEM
from chatwoot_assets.conversations.transform import seconds
from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.metrics.conversation_batch import ConversationBatch
from chatwoot_assets.metrics.episode_times import add_assignment_times, add_status_seconds
from chatwoot_assets.metrics.status import BOT_RESOLVED_EVENT, HANDOFF_EVENT, SAME_CHANGE, find_events
from chatwoot_assets.times import local_date

# Steps at one instant count in this order. The last one follows from the conversation's status now.
_RANKS = {step: rank for rank, step in enumerate(("creation", "message", "handoff", "opening", "resolution", "last"))}
# Since when an imported conversation is resolved is not known; long enough, so that nothing continues its history.
# Not pl.lit, which computes at once: a process that Celery forks after the import could then compute nothing.
_LONG_AGO = pl.datetime(1, 1, 1)
_KEY = ("conversation_id", "episode_number")


def compute_episodes(batch: ConversationBatch) -> pl.DataFrame:
    """Return the episodes of a batch.

    Every message belongs to exactly one episode: the last one that had begun when it was written, or the first one.
    A conversation without messages has one episode, which begins when the conversation was created.

    Returns:
        The rows of episodes in the table's column order, sorted by conversation_id and episode_number. Timestamps
        are naive UTC, counts are Int32.
    """
    steps = _number_episodes(_collect_steps(batch), batch.episode_gap)
    conversations = batch.conversations.select(
        pl.col("id").alias("conversation_id"),
        *("conversation_date", "account_id", "inbox_id", "contact_id", "team_id", "assignee_id", "created_at"),
        *("status", "labels", "inbox_timezone", "working_hours"),
    )
    episodes = (
        _aggregate_steps(steps)
        .join(_find_first_responses(steps), on=_KEY, how="left")
        .join(conversations, on="conversation_id")
        .with_columns(pl.coalesce("started_at", "created_at").alias("started_at"))
        .sort(_KEY)
    )
    episodes = add_assignment_times(
        add_status_seconds(_add_rating(episodes, batch.latest_ratings), batch), batch.assignments
    )
    return episodes.with_columns(
        _agent().alias("agent_id"),
        local_date(pl.col("started_at"), batch.zone).alias("started_date"),
        local_date(pl.col("resolved_at"), batch.zone).alias("resolved_date"),
        seconds(pl.col("resolved_at") - pl.col("started_at")).alias("resolution_seconds"),
        business_seconds(episodes, "started_at", "resolved_at", batch.holidays).alias("resolution_business_seconds"),
        seconds(pl.col("replied_at") - pl.col("asked_at")).alias("first_response_seconds"),
        business_seconds(episodes, "asked_at", "replied_at", batch.holidays).alias("first_response_business_seconds"),
    ).select(list(TABLES["episodes"]))


def _collect_steps(batch: ConversationBatch) -> pl.DataFrame:
    """Return everything that episodes depend on, in order, with one step for each conversation's creation.

    The flags are is_incoming, is_question, is_human_reply, is_outgoing, is_opening and is_resolution, never NULL.
    sender is contact, agent or system for a public message, and for an opening who opened.
    """
    is_from_user = (pl.col("sender_type") == "User") & ~pl.col("external_echo").fill_null(value=False)
    is_agent, is_contact = pl.col("is_human_reply"), pl.col("is_incoming")
    sender = pl.when(is_contact).then(pl.lit(CONTACT)).when(is_agent).then(pl.lit(AGENT)).otherwise(pl.lit(SYSTEM))
    parts = [
        batch.conversations.select(
            pl.col("id").alias("conversation_id"),
            _rank("creation"),
            pl.when("is_imported").then(_LONG_AGO).alias("imported_as_resolved_at"),
        ),
        batch.marked_messages.select(
            *("conversation_id", "id", "is_incoming", "is_question", "is_human_reply"),
            _rank("message"),
            pl.col("created_at").alias("occurred_at"),
            ((pl.col("message_type") == "outgoing") & ~pl.col("is_note")).alias("is_outgoing"),
            pl.when(is_agent & is_from_user).then("sender_id").cast(pl.Int64).alias("replied_by"),
            pl.when(pl.col("sender_kind").is_not_null()).then(sender).alias("sender"),
        ),
        find_events(batch.events, HANDOFF_EVENT).select(
            "conversation_id", "occurred_at", _rank("handoff"), pl.col("occurred_at").alias("handed_over_at")
        ),
        _find_openings(batch),
        _find_resolutions(batch),
    ]
    flags = pl.col("is_incoming", "is_question", "is_human_reply", "is_outgoing", "is_opening", "is_resolution")
    return (
        pl.concat(parts, how="diagonal_relaxed")
        .join(batch.conversations.select(pl.col("id").alias("conversation_id")), on="conversation_id", how="semi")
        .with_columns(flags.fill_null(value=False))
        .sort("conversation_id", "occurred_at", "rank", "id", nulls_last=False)
    )


def _rank(step: str) -> pl.Expr:
    return pl.lit(_RANKS[step], pl.Int8).alias("rank")


def _find_openings(batch: ConversationBatch) -> pl.DataFrame:
    """Return the changes of status that ended a resolution, each with who opened."""
    follows_resolution = (pl.col("status").shift(1) == "resolved") & (
        pl.col("conversation_id") == pl.col("conversation_id").shift(1)
    )
    is_last = (pl.col("conversation_id") != pl.col("conversation_id").shift(-1)).fill_null(value=True)
    openings = batch.status_changes.with_columns(
        pl.when(is_last & pl.col("is_estimated")).then(_rank("last")).otherwise(_rank("opening")).alias("rank")
    ).filter(follows_resolution)
    actor = pl.col("actor")
    return _add_actor(openings, batch.activity, OPENED).select(
        *("conversation_id", "occurred_at", "rank"),
        pl.lit(value=True).alias("is_opening"),
        pl.when(actor == AGENT).then(pl.lit(AGENT)).otherwise(pl.lit(SYSTEM)).alias("sender"),
    )


def _find_resolutions(batch: ConversationBatch) -> pl.DataFrame:
    """Return the resolutions, each with the agent at that time and who resolved."""
    by_bot = find_events(batch.events, BOT_RESOLVED_EVENT).select(
        "conversation_id", "occurred_at", pl.lit(value=True).alias("is_by_bot")
    )
    resolutions = (
        _add_actor(batch.resolutions, batch.activity, RESOLVED)
        .sort("occurred_at")
        .join_asof(
            by_bot.sort("occurred_at"),
            on="occurred_at",
            by="conversation_id",
            strategy="nearest",
            tolerance=SAME_CHANGE,
            check_sortedness=False,
        )
    )
    actor = pl.col("actor")
    return resolutions.select(
        *("conversation_id", "occurred_at", "user_id", "is_reported"),
        _rank("resolution"),
        pl.lit(value=True).alias("is_resolution"),
        pl.when(actor.is_in([AGENT, BOT]))
        .then(actor)
        .when(actor.is_not_null())
        .then(pl.lit(SYSTEM))
        .when("is_by_bot")
        .then(pl.lit(BOT))
        .otherwise(pl.lit("unknown"))
        .alias("resolved_by"),
    )


def _add_actor(changes: pl.DataFrame, activity: pl.DataFrame, change: str) -> pl.DataFrame:
    """Add the actor of the activity message about each change: the next within a minute, else the one before."""
    sentences = (
        activity.filter(pl.col("change") == change)
        .unique(["conversation_id", "occurred_at"], keep="first", maintain_order=True)
        .select("conversation_id", "occurred_at", "actor")
        .sort("occurred_at")
    )
    changes = changes.sort("occurred_at")
    for strategy, column in (("forward", "actor"), ("backward", "earlier_actor")):
        changes = changes.join_asof(
            sentences.rename({"actor": column}),
            on="occurred_at",
            by="conversation_id",
            strategy=strategy,  # type: ignore[arg-type]  # a literal of the tuple
            tolerance=SAME_CHANGE,
            check_sortedness=False,
        )
    return changes.with_columns(pl.coalesce("actor", "earlier_actor").alias("actor"))


def _number_episodes(steps: pl.DataFrame, gap: datetime.timedelta) -> pl.DataFrame:
    """Add is_start, is_reopening and episode_number.

    Resolutions and openings divide a conversation into sections. In a section that a resolution or an import began, the
    first message of a contact or an agent after the gap begins an episode, and so does an opening that ends the
    section.
    """
    # The rows of a conversation are together, so that its sections need not be numbered from 1.
    is_mark = pl.col("is_opening") | pl.col("is_resolution")
    steps = steps.with_columns((is_mark | _is_first_step()).cum_sum().alias("section")).with_columns(
        pl.coalesce("imported_as_resolved_at", pl.when("is_resolution").then("occurred_at"))
        .max()
        .over("section")
        .alias("resolved_since"),
    )
    is_late = (pl.col("occurred_at") - pl.col("resolved_since") >= gap).fill_null(value=False)
    is_late_message = (pl.col("is_question") | pl.col("is_human_reply")) & is_late
    starts = steps.with_columns(
        (is_late_message & (is_late_message.cast(pl.Int64).cum_sum().over("section") == 1)).alias("is_start")
    ).with_columns(
        pl.when(~pl.col("is_start").any().over("section")).then("resolved_since").alias("resolved_until_now"),
    )
    lasted = pl.col("occurred_at") - pl.when(~_is_first_step()).then(pl.col("resolved_until_now").shift(1))
    return (
        starts.with_columns(
            (pl.col("is_start") | (pl.col("is_opening") & (lasted >= gap).fill_null(value=False))).alias("is_start"),
            (pl.col("is_opening") & (lasted < gap).fill_null(value=False)).alias("is_reopening"),
        )
        .with_columns((pl.col("is_start").cum_sum().over("conversation_id") + 1).cast(pl.Int32).alias("episode_number"))
        .drop("section", "imported_as_resolved_at", "resolved_since", "resolved_until_now")
    )


def _is_first_step() -> pl.Expr:
    """Return whether a step is the first of its conversation."""
    return (pl.col("conversation_id") != pl.col("conversation_id").shift(1)).fill_null(value=True)


def _aggregate_steps(steps: pl.DataFrame) -> pl.DataFrame:
    """Return what the steps of each episode add up to; started_at is NULL if no message began the conversation."""
    is_first_episode = pl.col("episode_number").first() == 1
    # In the first episode the creation comes first: what follows it began the episode if it is a message.
    is_begun_by_message = pl.col("rank").get(1, null_on_oob=True) == _RANKS["message"]
    started_at = (
        pl.when(~is_first_episode)
        .then(pl.col("occurred_at").first())
        .when(is_begun_by_message)
        .then(pl.col("occurred_at").get(1, null_on_oob=True))
    )
    is_mark = pl.col("is_opening") | pl.col("is_resolution")
    is_resolved = pl.col("is_resolution").filter(is_mark).last().fill_null(value=False)
    resolutions = pl.col("is_resolution").sum()

    def of_resolution(column: str) -> pl.Expr:
        return pl.when(is_resolved).then(pl.col(column).filter("is_resolution").last())

    undone = resolutions.cast(pl.Int32) - 1 + ((resolutions > 0) & ~is_resolved).cast(pl.Int32)
    counts = {"replies": "is_human_reply", "incoming_messages": "is_incoming", "outgoing_messages": "is_outgoing"}
    return steps.group_by(_KEY, maintain_order=True).agg(
        started_at.alias("started_at"),
        pl.col("sender").drop_nulls().first().fill_null(SYSTEM).alias("initiated_by"),
        of_resolution("occurred_at").alias("resolved_at"),
        of_resolution("user_id").alias("user_id"),
        of_resolution("is_reported").alias("is_reported"),
        of_resolution("resolved_by").alias("resolved_by"),
        pl.col("occurred_at").filter("is_human_reply").first().alias("first_reply_at"),
        pl.max_horizontal(pl.col("is_reopening").sum().cast(pl.Int32), undone, pl.lit(0, pl.Int32)).alias("reopens"),
        *(pl.col(flag).sum().cast(pl.Int32).alias(name) for name, flag in counts.items()),
    )


def _find_first_responses(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the episodes whose first human reply ended a wait, with asked_at, replied_at, first_response_agent_id.

    The wait begins as in response_intervals, and not before the episode.
    """
    is_end = pl.col("is_human_reply") | pl.col("is_resolution")
    is_break = is_end.shift(1, fill_value=False) | pl.col("is_start") | _is_first_step()
    return (
        steps.with_columns(
            is_break.cum_sum().alias("wait"),
            (pl.col("is_human_reply") & (pl.col("is_human_reply").cast(pl.Int64).cum_sum().over(_KEY) == 1)).alias(
                "is_first"
            ),
        )
        .group_by("wait", maintain_order=True)
        .agg(
            pl.col(_KEY).first(),
            pl.col("occurred_at").filter("is_question").min().alias("asked_at"),
            pl.col("handed_over_at").max(),
            pl.col("occurred_at").filter("is_first").first().alias("replied_at"),
            pl.col("replied_by").filter("is_first").first().alias("first_response_agent_id"),
        )
        .filter(pl.col("replied_at").is_not_null() & pl.col("asked_at").is_not_null())
        .select(
            *_KEY,
            pl.max_horizontal("asked_at", "handed_over_at").alias("asked_at"),
            "replied_at",
            "first_response_agent_id",
        )
    )


def _add_rating(episodes: pl.DataFrame, csat: pl.DataFrame) -> pl.DataFrame:
    """Add the conversation's latest rating to the episode that had last begun when it was given."""
    rated = episodes.join(csat.select("conversation_id", "rating", "rated_at"), on="conversation_id", how="left")
    is_begun = pl.col("started_at") <= pl.col("rated_at")
    number = pl.max_horizontal(is_begun.fill_null(value=True).sum().over("conversation_id"), pl.lit(1))
    is_rated = pl.col("episode_number") == number
    return rated.with_columns(pl.when(is_rated).then("rating").alias("rating")).drop("rated_at").sort(_KEY)


def _agent() -> pl.Expr:
    """Return who was assigned at the resolution by its event; without an event, or while open, the assignee now."""
    return pl.when("is_reported").then("user_id").otherwise("assignee_id").cast(pl.Int64)
