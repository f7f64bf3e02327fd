"""One verb per module, for the command line and the pytest plugin."""
