"""Needs: how many people a plant needs, of which occupation, where and when."""
