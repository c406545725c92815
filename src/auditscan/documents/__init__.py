"""What is filed, sorted, looked at or fed on: one judged database as files of several forms, all saying the same."""
