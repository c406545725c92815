"""Disclosure registers and accountings: tables that people keep by hand, in CSV, TSV and workbooks."""
