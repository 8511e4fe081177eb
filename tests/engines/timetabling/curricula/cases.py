"""Small instances, and the competition's files where they are kept beside the project."""

from pathlib import Path

import pytest

TINY = """Name: tiny
Courses: 4
Rooms: 2
Days: 2
Periods_per_day: 3
Curricula: 2
Constraints: 2

COURSES:
Physics anna 2 2 30
Chemistry anna 2 1 20
Welding boris 1 1 12
Drawing vera 2 2 28

ROOMS:
hall\t40
lab 15

CURRICULA:
first 2 Physics Welding
second 2 Chemistry Drawing

UNAVAILABILITY_CONSTRAINTS:
Welding 0 0
Drawing 1 2

END.
"""
ROOT = Path(__file__).parents[4]
FOLDERS = [folder / "shared" / "data" / "itc2007" for folder in ROOT.parents]
FOLDER = next((folder for folder in FOLDERS if folder.is_dir()), None)
COMPETITION = sorted(FOLDER.glob("*.ctt")) if FOLDER else []
needs_competition = pytest.mark.skipif(FOLDER is None, reason="the competition's files are not beside the project")


def changed(old, new, text=TINY):
    """The text with one part changed, which must be there."""
    assert old in text
    return text.replace(old, new, 1).encode()
