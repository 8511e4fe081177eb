"""Text as people type it, made comparable."""

import unicodedata

# Invisible characters that spreadsheets and messengers leave in names: soft hyphen, zero-width ones, BOM;
# and those that nobody types: control characters, which PostgreSQL would not keep, and turns of direction.
CONTROL = (*range(9), *range(0x0E, 0x1C), 0x7F)
DIRECTION = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *CONTROL, *DIRECTION])


def clean(text: str) -> str:
    """Return `text` without invisible characters and surplus white space, in composed form (NFC)."""
    return " ".join(unicodedata.normalize("NFC", text).translate(INVISIBLE).split())


def searchable(text: str) -> str:
    """Return `text` folded for search: case, ё and surplus white space do not matter.

    SQLite folds ASCII only, so both databases search in a column filled with this.
    """
    return clean(text).casefold().replace("ё", "е")
