"""The customer's own site: phone first, both languages, without JavaScript; a face of the same actions as the desk."""
