"""The desk in the browser. A view asks `store.pages` what to show, or `store.actions` to do one thing; it decides nothing."""
