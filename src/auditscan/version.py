"""The version, for the build and for what a scan writes down about itself.

A file of its own, so that neither has to import the package or ask installed metadata, which a
checkout may not have.
"""

__version__ = "0.1.0"
