"""The main job: logs are read, every transfer is judged, the accounting is kept."""
