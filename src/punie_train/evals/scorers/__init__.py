"""Scorers: small pure functions, each with a value and a reason in words."""
