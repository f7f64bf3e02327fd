"""Rows of public datasets as chat examples: one module per shape, pure."""
