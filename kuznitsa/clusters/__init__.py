"""Clusters and who takes part in them."""
