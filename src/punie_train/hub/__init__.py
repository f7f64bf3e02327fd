"""The Hugging Face hub: the only package that leaves the machine for data."""
