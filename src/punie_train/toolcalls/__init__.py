"""Model text to tool calls, one small module per wire format."""
