"""Attacks on auditscan, made anew each time: `make attack`."""
