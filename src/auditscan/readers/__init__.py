"""Files -> records: bytes, blocks of lines, what could not be read."""
