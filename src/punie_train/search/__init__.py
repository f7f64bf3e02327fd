"""Search spaces, trials and studies: pure but for the study's storage, which is optuna's."""
