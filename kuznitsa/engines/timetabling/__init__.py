"""Meetings to rooms and hours."""
