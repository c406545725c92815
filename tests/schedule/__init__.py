"""What starts the nightly scan: files for schedulers, and the image."""
