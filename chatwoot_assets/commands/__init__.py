"""The commands of `cli.py`: what each does and prints. They print days, counts and times, never personal data."""
