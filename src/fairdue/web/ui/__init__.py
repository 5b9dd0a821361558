"""What every site shares: layout, styles, words of the frame, headers. No page lives here."""
