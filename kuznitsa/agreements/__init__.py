"""Agreements, their parties, signatures and obligations."""
