"""Search for a contact or a conversation that should be erased: in Chatwoot, in the warehouse and in the extracts.

These modules read every place that the data pass, and write to none. What to do about the rows that are found, and how
they are shown, is up to the command.
"""
