"""What the engine is set to: for the same answers everywhere, for a session, and to lock it."""

from __future__ import annotations

SAME_ANSWERS = (
    # What the engine takes by itself. A client's own settings file, or a program that we run in, may have other wishes,
    # and these change what a query answers.
    "set TimeZone = 'UTC'",
    "set Calendar = 'gregorian'",
    "set default_collation = ''",
    "set default_order = 'ascending'",
    "set default_null_order = 'nulls_last'",
    "set integer_division = false",
)
SETTINGS = (
    *SAME_ANSWERS,
    # None drawn over.
    "set enable_progress_bar = false",
    # Sorting what does not fit ends in an error: what a session reads is too private for a temporary file.
    # Before the lock: it could not be set after it.
    "set temp_directory = ''",
    # A Python variable is no table.
    "set python_enable_replacements = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
)
LOCK = (
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    # Neither can be turned on again in a running process. The first still lets through the path of every database
    # that was attached, for writing too, once it is detached; the second lets through none. It comes behind,
    # for the first has to look its paths up. What is open stays open.
    "set enable_external_access = false",
    "set disabled_filesystems = 'LocalFileSystem'",
    # Last: after it, nothing can be set.
    "set lock_configuration = true",
)
