"""Checks of training data: accumulators that one pass over the rows feeds."""
