"""The fact ledger: what happened, once, on a date; and its sums."""
