"""What a user sets: options of the command line, variables, `auditscan.toml`, and whom it may come from."""
