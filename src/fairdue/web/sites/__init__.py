"""One settings module per site: `base` is what they share."""
