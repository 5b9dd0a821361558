"""The chain facts → guard → decision as pure steps over frames.

The night runs them over a whole partition, the desk over one customer after each event: the same functions, so the same
answer. They stand below the database, which only gathers what they are told and keeps what they say.
"""
