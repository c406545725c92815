"""One transfer as a document of its own: why it has its verdicts, and the record beside it."""
