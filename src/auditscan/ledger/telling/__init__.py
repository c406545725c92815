"""How somebody gets to know of a night: message, delivery, metrics, lines of the run log."""
