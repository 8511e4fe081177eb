"""The public site: clusters, open places, results."""
