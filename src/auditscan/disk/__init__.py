"""Files and databases on disk: private, whole or not there, and untouched by others."""
