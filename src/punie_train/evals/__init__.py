"""Cases, scorers, statistics and the report value; pure."""
