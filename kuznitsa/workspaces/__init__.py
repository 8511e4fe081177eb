"""A home for each role: what needs me now."""
