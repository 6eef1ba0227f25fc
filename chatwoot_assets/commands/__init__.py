"""What each command of `cli.py` does, and what it shows: days, counts and times, nothing personal."""
