"""Long work: imports and the night. Shows progress, can be stopped, resumes."""
