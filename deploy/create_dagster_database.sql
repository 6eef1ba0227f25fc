-- Run once by the image of PostgreSQL, when its volume is empty: Dagster keeps its runs in a database of its own.
CREATE DATABASE dagster;
