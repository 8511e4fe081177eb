"""Practice places, mentors, placements."""
