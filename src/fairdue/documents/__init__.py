"""Papers people receive: agreements, letters and certificates, from templates to PDF."""
