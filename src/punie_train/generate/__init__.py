"""Training rows made from the starter's grammar, real tools and a sandbox; nothing is invented."""
