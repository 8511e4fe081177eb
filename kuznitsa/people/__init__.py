"""Persons, guardians, consents."""
