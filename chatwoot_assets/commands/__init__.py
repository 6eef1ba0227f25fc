"""The commands of `cli/`: what each does and prints. They print days, counts and times, never personal data."""
