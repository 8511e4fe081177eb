"""Organisations and their sites."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kuznitsa.base.audit import audit
from kuznitsa.base.identifiers import validate_organisation_inn
from kuznitsa.base.refusal import Refused, refuse_if
from kuznitsa.organisations import permissions
from kuznitsa.organisations.models import Organisation, Site
from kuznitsa.organisations.queries import free_slug


@transaction.atomic
def create_organisation(
    *, kind: str, name: str, short_name: str, by: Any, at: datetime, **details: Any
) -> Organisation:
    """Add an organisation to the directory; `details` are further fields of `Organisation`.

    Refuses who may not add this kind, and a tax number that is wrong or taken. `slug` is made of the short name
    unless given. Writes the audit entry.
    """
    refuse_if(permissions.why_not_create(by, kind) if by else "")
    details["slug"] = details.get("slug") or free_slug(
        Organisation.objects.all(), details.get("short_name_en", ""), short_name
    )
    organisation = Organisation(kind=kind, name=name, short_name=short_name, entered_by=by, **details)
    _save(organisation)
    audit("organisations.organisation.created", organisation, by=by, at=at)
    return organisation


@transaction.atomic
def edit_organisation(*, organisation: Organisation, by: Any, at: datetime, **details: Any) -> None:
    """Change details of an organisation.

    Refuses who does not keep it, a change of kind or region by who may not, and a tax number that is wrong
    or taken. Writes the audit entry with what was before.
    """
    refuse_if(permissions.why_not_keep(by, organisation))
    changed = {name: value for name, value in details.items() if getattr(organisation, name) != value}
    if "kind" in changed and not by.is_staff:
        raise Refused(_("The kind of an organisation is set by those who run this installation."))
    if "region" in changed:
        refuse_if(permissions.why_not_move(by, organisation))
    was = {name: str(getattr(organisation, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(organisation, name, value)
    _save(organisation)
    audit("organisations.organisation.changed", organisation, by=by, at=at, was=was)


def _save(organisation: Organisation) -> None:
    organisation.tax_number = organisation.tax_number or None
    try:
        if organisation.tax_number:
            validate_organisation_inn(organisation.tax_number)
        with transaction.atomic():
            organisation.save()
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from wrong
    except IntegrityError as taken:
        raise Refused(
            _("An organisation with this tax number or address on the site is in the directory already.")
        ) from taken


@transaction.atomic
def add_site(*, organisation: Organisation, name: str, address: str = "", by: Any, at: datetime) -> Site:
    """Add a place where the organisation works. Refuses who does not keep it, and a name it has already."""
    refuse_if(permissions.why_not_keep(by, organisation) if by else "")
    site = Site(organisation=organisation, name=name, address=address)
    _save_site(site)
    audit("organisations.site.added", site, by=by, at=at, organisation=organisation.slug)
    return site


@transaction.atomic
def change_site(*, site: Site, name: str, address: str, by: Any, at: datetime) -> None:
    """Change the name or address of a site. Refuses who does not keep the organisation, and a name it has already."""
    refuse_if(permissions.why_not_keep(by, site.organisation))
    was = {"name": site.name, "address": site.address}
    site.name, site.address = name, address
    _save_site(site)
    audit("organisations.site.changed", site, by=by, at=at, was=was)


def _save_site(site: Site) -> None:
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError as twice:
        raise Refused(_("The organisation already has a site with this name.")) from twice
