"""The demonstration: the case of Novokuznetsk built by the product's own actions, up to a stage that is today."""


def build(*, stage: str, reset: bool) -> None:
    """Build the demonstration up to `stage`, unless one stands already; print its thread and its log-ins.

    What stands is kept, with all that people have done in it; `reset` builds afresh. Raises CommandError over
    a database that holds anything else.
    """
    # Imported late: Django imports this package before there are models.
    from django.db import transaction
    from django.utils.translation import gettext as _

    from kuznitsa.demo import building, telling

    standing = building.standing_stage()
    if standing is None or reset:
        with transaction.atomic():
            building.build_afresh(stage)
        building.put_letters_away()
    elif standing != stage:
        print(_("It stands at the stage “%(stage)s” and is kept; RESET=1 builds it afresh.") % {"stage": standing})
    telling.tell()
