"""The only place where code of a model runs: no file, no network, no process, bounded."""
