"""Everything that names mlx-lm: server, client, attestation, trainer."""
