"""The API: the same verbs and the same rows as on the desk, for programs."""
