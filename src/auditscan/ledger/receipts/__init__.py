"""What proves a ledger: receipts, the chain that they form, and all that is held against them."""
