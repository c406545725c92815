"""The ledger: one database over time, made by nightly scans, with a receipt for each of them."""
