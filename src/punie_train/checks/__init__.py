"""Is this artifact sane? Pure functions over what was read: nothing is opened or started here."""
