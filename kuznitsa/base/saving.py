"""Saving what an action was given, by the same checks as a form makes."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kuznitsa.base.refusal import Refused


def save_or_refuse(obj: models.Model) -> None:
    """Check fields and constraints of `obj` and save it. Raises `Refused`, naming every field that is wrong."""
    try:
        obj.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(_named(obj, error))) from error
    try:
        with transaction.atomic():
            obj.save()
    except IntegrityError as error:
        raise Refused(_("Somebody else has just saved the same. Reload the page and look again.")) from error


def _named(obj: models.Model, error: ValidationError) -> list[str]:
    sentences = []
    for field, messages in error.message_dict.items():
        name = "" if field == NON_FIELD_ERRORS else f"{_label(obj, field)}: "
        sentences += [f"{name}{message}" for message in messages]
    return sentences


def _label(obj: models.Model, field: str) -> str:
    return str(capfirst(getattr(obj._meta.get_field(field), "verbose_name", field)))
