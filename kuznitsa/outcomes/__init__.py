"""Exams, employment, follow-up."""
