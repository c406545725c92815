"""Results on their way into a file."""
