"""Letters about practice."""

from kuznitsa.base.mail import Letter, send
from kuznitsa.placements.models import PracticePlace


def trainees_placed(pk: int) -> None:
    """Tell the mentor of the place who comes, and when."""
    place = PracticePlace.objects.select_related("mentor", "host", "intake__programme__college").get(pk=pk)
    if place.mentor is not None:
        send(Letter(to=place.mentor, template="placements/letters/trainees", context={"place": place}, about=place))
