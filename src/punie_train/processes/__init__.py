"""Start, log, stop and kill child processes; the only place that opens one."""
