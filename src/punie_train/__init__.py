"""Evaluate, check and train small local tool-calling models."""
