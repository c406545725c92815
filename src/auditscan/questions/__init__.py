"""What is asked of a judged database."""
