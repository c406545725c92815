"""What the text of a query says it did, without running it. `auditscan.readers.query_text` is the door."""
