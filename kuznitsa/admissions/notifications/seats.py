"""Letters about seats: to the applicant, and to the guardians of a minor."""

from kuznitsa.admissions.models import Seat
from kuznitsa.admissions.notifications.recipients import family_of
from kuznitsa.base.mail import Letter, send


def called(pk: int) -> None:
    """A seat has come free, and it is theirs if they answer in time."""
    _send(pk, "seat_called")


def accepted(pk: int) -> None:
    """The seat is taken; what follows now."""
    _send(pk, "seat_accepted")


def moved_up(pk: int) -> None:
    """What they waited for has come free, and is theirs."""
    _send(pk, "seat_moved_up")


def lapsed(pk: int) -> None:
    """Nobody answered in time; the seat has gone on."""
    _send(pk, "seat_lapsed")


def _send(pk: int, name: str) -> None:
    seats = Seat.objects.select_related("application__person__user", "application__campaign", "offer__employer")
    seat = seats.get(pk=pk)
    for address in family_of(seat.application.person):
        send(
            Letter(
                to=address,
                template=f"admissions/letters/{name}",
                context={"seat": seat, "application": seat.application, "campaign": seat.application.campaign},
                about=seat.application,
                private=(seat.application.person.family_name,),
            )
        )
