"""Screens of admissions."""
