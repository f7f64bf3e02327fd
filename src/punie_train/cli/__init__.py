"""The punie-train command, one module per subcommand."""
