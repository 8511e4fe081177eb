"""A refusal: the user asked for something that the rules do not allow, and is told why."""


class Refused(Exception):
    """Raised by an action; carries a translated reason that may be shown to the user as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_if(reason: str) -> None:
    """Raise `Refused` unless `reason` is empty; `reason` comes from a `why_not_…` function."""
    if reason:
        raise Refused(str(reason))
