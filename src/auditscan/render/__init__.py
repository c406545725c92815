"""Ways to show what a scan found. Each module draws; none of them counts."""
