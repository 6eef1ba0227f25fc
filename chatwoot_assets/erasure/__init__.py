"""Whether anything of a contact or a conversation is left: in Chatwoot, in the local tables, in the files.

It reads every station of the data's way and writes to none. What to do about what is found, and how it is
shown, is the command's business.
"""
