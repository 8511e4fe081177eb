"""Campaigns, target offers, applications, allocation runs, contracts."""
