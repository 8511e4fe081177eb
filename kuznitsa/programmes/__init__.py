"""Programmes, intakes, facilities, enrolments."""
