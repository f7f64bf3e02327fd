"""One grammar for the pretraining corpus, the adapters' data and the known-phrasing cases."""
