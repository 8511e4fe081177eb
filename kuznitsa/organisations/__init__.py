"""Organisations, their sites and signatories, memberships and roles."""
