"""Screens of programmes, intakes, facilities and enrolments."""
