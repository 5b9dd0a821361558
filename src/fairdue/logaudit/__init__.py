"""The audit of a contact log: any dialler's export in; every breach, with its rule and its facts, out. No database."""
