"""The rows of `contacts` and `contact_inboxes`: the people who write to the help desk.

When each of them writes is in `arrivals.py`; agents are in `people.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.attributes import contact_attributes
from chatwoot_assets.sample.size import MINUTE, Bools, Ints, SampleSize
from chatwoot_assets.sample.vocabulary import CITIES, FIRST_NAMES, LAST_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatwoot_assets.sample.arrivals import Arrivals
    from chatwoot_assets.sample.people import People

_ROWS = 50_000


def first_name_index(contact: Ints) -> Ints:
    """Return the position of each contact's first name in FIRST_NAMES; greetings repeat the name."""
    spread: Ints = (contact * 2_654_435_761 >> 7) % len(FIRST_NAMES)
    return spread


def is_gone(contact: Ints) -> Bools:
    """Return which contacts are deleted although their conversations are not."""
    gone: Bools = contact % 401 == 19
    return gone


def create_contacts(size: SampleSize, arrivals: Arrivals) -> Iterator[pl.DataFrame]:
    """Yield the rows of `contacts`."""
    for start in range(1, len(arrivals.first) + 1, _ROWS):
        contacts = np.arange(start, min(start + _ROWS, len(arrivals.first) + 1))
        contact = contacts[~is_gone(contacts)]
        created = arrivals.created[arrivals.first[contact - 1]]
        active = np.minimum(arrivals.created[arrivals.last[contact - 1]] + 7 * MINUTE, size.end - 1)
        yield _contacts(contact, arrivals.account[arrivals.first[contact - 1]], created, active)


def _contacts(contact: Ints, account: Ints, created: Ints, active: Ints) -> pl.DataFrame:
    last = (contact * 40_503 >> 3) % len(LAST_NAMES)
    number = pl.col("id").cast(pl.String)
    # 55 11 900 and six digits: as long as a mobile number, but in a range that is not assigned.
    phone = pl.lit("+5511900") + number.str.zfill(6)
    return pl.DataFrame(
        {
            "id": contact,
            "account_id": account + 1,
            "created_at": created.view("datetime64[us]"),
            "updated_at": active.view("datetime64[us]"),
            "last_activity_at": active.view("datetime64[us]"),
            "name": pl.Series(FIRST_NAMES).gather(first_name_index(contact)),
            "last": pl.Series(LAST_NAMES).gather(last),
            "location": pl.Series(CITIES).gather(contact % 31 % len(CITIES)),
            "custom_attributes": contact_attributes(contact),
        }
    ).select(
        "id",
        "account_id",
        "created_at",
        "updated_at",
        "last_activity_at",
        # Some give only a first name, with an emoji.
        pl.when(pl.col("id") % 17 == 0)
        .then(pl.col("name") + " ✨")
        .otherwise(pl.col("name") + " " + pl.col("last"))
        .alias("name"),
        pl.when(pl.col("id") % 3 != 0).then(pl.lit("contato.") + number + "@example.com").alias("email"),
        pl.when(pl.col("id") % 5 != 0).then(phone).alias("phone_number"),
        pl.when(pl.col("id") % 11 == 0).then(pl.lit("cliente-") + number).alias("identifier"),
        pl.when(pl.col("id") % 4 == 0).then("location").otherwise(pl.lit("")).alias("location"),
        (pl.col("id") % 3).alias("contact_type"),
        (pl.col("id") % 997 == 5).alias("blocked"),
        (pl.lit('{"city": "') + pl.col("location") + '", "country_code": "BR"}').alias("additional_attributes"),
        "custom_attributes",
    )


def create_contact_inboxes(people: People, arrivals: Arrivals) -> Iterator[pl.DataFrame]:
    """Yield the rows of `contact_inboxes`, one per pair of contact and inbox that has a conversation."""
    for start in range(0, len(arrivals.pairs), _ROWS):
        position = arrivals.pairs[start : start + _ROWS]
        contact = arrivals.contact[position]
        number = np.arange(start + 1, start + 1 + len(position))
        created = arrivals.created[position].view("datetime64[us]")
        yield (
            pl.DataFrame(
                {
                    "id": number,
                    "contact_id": contact,
                    "inbox_id": people.inbox_id[arrivals.inbox[position]],
                    "source_id": pl.Series(number).cast(pl.String).str.zfill(9),
                    "created_at": created,
                    "updated_at": created,
                    "pubsub_token": pl.Series(number).cast(pl.String),
                }
            )
            .filter(~is_gone(contact))
            .with_columns(
                source_id=pl.lit("origem-") + pl.col("source_id"),
                pubsub_token=pl.lit("not-a-secret-contact-") + pl.col("pubsub_token"),
            )
        )
