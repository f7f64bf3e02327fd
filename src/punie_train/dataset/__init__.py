"""Training examples and pure transforms over them."""
