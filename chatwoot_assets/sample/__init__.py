"""The sample: a generated Chatwoot database, for the demo, the tests and the benchmarks."""
