"""What is printed when the demonstration stands: the thread as numbers, and how to sign in."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kuznitsa.accounts.models import User
from kuznitsa.demand.models import Need
from kuznitsa.demo.cast import ADMINISTRATOR, DOMAIN, EVERYBODY, PASSWORD, Entry
from kuznitsa.insight.queries import Scope, band


def tell() -> None:
    print()
    print(_("The thread of the electrolysis operators in Novokuznetsk:"))
    print("  " + " → ".join(f"{label} {number}" for label, number in thread()))
    print()
    sign_in = settings.SITE_URL + reverse("accounts:sign-in")
    print(
        _("Sign in at %(url)s with one of these addresses; the password is %(password)s")
        % {"url": sign_in, "password": PASSWORD}
    )
    for role, name, where, email in log_ins():
        print(f"  {email:34} {role}, {where} ({name})" if where else f"  {email:34} {role} ({name})")


def thread() -> list[tuple[str, str]]:
    """Return the stages of the first need of the story with their numbers; what has not come yet is “–”."""
    need = Need.objects.filter(employer__slug="rusal", cluster__slug="novokuznetsk").order_by("pk")[0]
    stages = band(Scope(need=need), linked=False)
    return [(str(stage.label), "–" if stage.value is None else str(stage.value)) for stage in stages]


def log_ins() -> list[tuple[str, str, str, str]]:
    """Return role, name, organisation and address of everybody who can sign in."""
    rows = [
        (str(member.role.label), member.name, _name(entry), f"{member.address}@{DOMAIN}")
        for entry in EVERYBODY
        for member in entry.members
    ]
    for address, role in (("student", _("student")), ("parent", _("parent"))):
        user = User.objects.filter(email=f"{address}@{DOMAIN}").first()
        if user:
            rows.append((role, user.full_name, "", user.email))
    administrator = f"{ADMINISTRATOR.address}@{DOMAIN}"
    return [*rows, (_("administers the installation"), ADMINISTRATOR.name, "", administrator)]


def _name(entry: Entry) -> str:
    return entry.short_name_en if get_language() == "en" else entry.short_name
