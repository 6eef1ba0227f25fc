"""What support teams ask, computed from the days' extracts: pure functions on frames, and their tables."""
