"""Template words that every template may use without loading them."""
