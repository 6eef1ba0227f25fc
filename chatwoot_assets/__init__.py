"""Chatwoot's conversations in a local PostgreSQL, by day, as Dagster assets."""

import os

# To be set before polars is imported. Its allocator keeps what each of its arenas once held; by itself it has eight
# with two processors, and more with more. Of a year's backfill that is 20 MB in 400, and nothing is slower with two.
os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:2,muzzy_decay_ms:0")
