"""The conversation as data: what is worth knowing, what a contact is for, what is said, and what to know beside it."""
