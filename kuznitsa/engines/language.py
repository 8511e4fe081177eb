"""Words of the engines: they run without Django, so the language is that of the environment."""

import gettext
from pathlib import Path

CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def translate(message: str) -> str:
    """The message in the language of the environment, or itself when there is no translation."""
    return gettext.translation("cli", localedir=CATALOGUES, fallback=True).gettext(message)
