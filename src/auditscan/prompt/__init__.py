"""The conversation of `auditscan sql`: what was typed, what it means, and what comes of it.

Cut from the command line so that it can be driven without a terminal: nothing here writes, everything is handed
to a `Screen`. Only `completer`, `history` and `terminal` know of prompt_toolkit.
"""
