"""The locked SQL session: any question about a judged database, and nothing but questions."""
