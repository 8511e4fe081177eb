"""Kuznitsa: one thread from a plant's need to a graduate who stayed."""

__version__ = "0.1.0"
