"""Values to JSON, HTML and terminal lines; pure."""
