"""Screens of agreements, signatures, obligations and acts."""
