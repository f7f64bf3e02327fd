"""What the repository's own suites need: nothing but the plugin, which is installed."""
