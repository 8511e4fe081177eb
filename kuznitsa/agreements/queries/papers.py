"""What the printed agreement says: Russian texts for the template, names and posts in the genitive."""

from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format

from kuznitsa.agreements.enums import AgreementState
from kuznitsa.agreements.models import Agreement, Party
from kuznitsa.agreements.queries.texts import canonical, hash_of
from kuznitsa.agreements.queries.verification import address_of
from kuznitsa.base.documents import full_name, render
from kuznitsa.facts.enums import Unit
from kuznitsa.organisations.enums import AuthorityKind
from kuznitsa.organisations.models import Signatory
from kuznitsa.organisations.queries import signatories_on

AUTHORITIES = {
    AuthorityKind.CHARTER: "Устава",
    AuthorityKind.POWER_OF_ATTORNEY: "доверенности",
    AuthorityKind.ORDER: "приказа",
}
UNITS = {
    Unit.PERSONS: "чел.",
    Unit.PLACES: "мест",
    Unit.APPLICATIONS: "заявлений",
    Unit.HOURS: "ч",
    Unit.ROUBLES: "руб.",
    Unit.OBJECTS: "шт.",
}
# Posts in the genitive; only their first words change, the rest ("по персоналу") stays. Others stay as they are.
POSTS = {
    "директор": "директора",
    "генеральный": "генерального",
    "управляющий": "управляющего",
    "исполнительный": "исполнительного",
    "первый": "первого",
    "заместитель": "заместителя",
    "начальник": "начальника",
    "руководитель": "руководителя",
    "ректор": "ректора",
    "проректор": "проректора",
    "президент": "президента",
    "министр": "министра",
    "глава": "главы",
    "председатель": "председателя",
}
FEMALE_ENDINGS = ("на", "кызы", "гызы")


def paper(agreement: Agreement, today: date) -> bytes:
    """Return the agreement as a Russian PDF; what is not in force yet is marked as a draft."""
    with translation.override("ru"):
        data = paper_data(agreement, today)
    return render("agreements/agreement", data, on=agreement.in_force_on or today, verify=data["check"])


def paper_data(agreement: Agreement, today: date) -> dict[str, Any]:
    """Return what the template prints, as texts; called with Russian activated."""
    text = canonical(agreement)
    digest = agreement.text_hash or hash_of(text)
    parties = list(agreement.parties.select_related("organisation", "signatory").order_by("order", "pk"))
    return {
        "title": _capital(agreement.title),
        "number": agreement.number,
        "date": _day(agreement.in_force_on or agreement.starts_on),
        "place": next((party.organisation.town for party in parties if party.organisation.town), ""),
        "draft": agreement.state in (AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.WITHDRAWN),
        "subject": [line for line in agreement.subject.splitlines() if line.strip()],
        "starts_on": _day(agreement.starts_on),
        "ends_on": _day(agreement.ends_on) if agreement.ends_on else "",
        "parties": [_party(party, number, today) for number, party in enumerate(parties, 1)],
        "obligations": [_obligation(obligation) for obligation in _obligations(agreement)],
        "hash": digest,
        "check": address_of(digest),
    }


def _obligations(agreement: Agreement) -> Any:
    return agreement.obligations.select_related("owner", "beneficiary", "occupation").order_by("order", "pk")


def _obligation(obligation: Any) -> dict[str, str]:
    words = obligation.text or obligation.get_kind_display()
    occupation = f" (профессия {obligation.occupation.code})" if obligation.occupation else ""
    return {
        "owner": str(obligation.owner),
        "beneficiary": str(obligation.beneficiary),
        "text": _capital(words) + occupation,
        "quantity": f"{number_format(obligation.quantity, force_grouping=True)} {UNITS[obligation.unit]}",
        "due_on": f"{obligation.due_on:%d.%m.%Y}",
    }


def _party(party: Party, number: int, today: date) -> dict[str, Any]:
    organisation = party.organisation
    signatory = party.signatory or signatories_on(organisation, today).first()
    return {
        "role": f"Сторона {number}",
        "name": organisation.name,
        "short_name": organisation.short_name,
        "represented": _represented(signatory) if signatory else "",
        "lines": [
            organisation.address,
            f"ИНН {organisation.tax_number}" if organisation.tax_number else "",
            f"ОГРН {organisation.registration_number}" if organisation.registration_number else "",
            organisation.phone,
            organisation.email,
        ],
        "signatory": signatory.full_name if signatory else "",
        "signed_on": _day(timezone.localdate(party.signed_at)) if party.signed_at else "",
        "method": party.get_method_display() if party.signed_at else "",
    }


def _represented(signatory: Signatory) -> str:
    """Return `директора Иванова Ивана Ивановича, действующего на основании Устава`."""
    names = signatory.full_name.split()
    is_name = 2 <= len(names) <= 3
    name = full_name(*names, case="genitive") if is_name else signatory.full_name
    acting = "действующей" if names[-1].casefold().endswith(FEMALE_ENDINGS) and is_name else "действующего"
    return f"{_post(signatory.post)} {name}, {acting} на основании {_authority(signatory)}"


def _authority(signatory: Signatory) -> str:
    authority = AUTHORITIES[AuthorityKind(signatory.authority_kind)]
    if not signatory.authority_number:
        return authority
    return f"{authority} № {signatory.authority_number} от {signatory.authority_from:%d.%m.%Y}"


def _post(post: str) -> str:
    words = post.split()
    for number, word in enumerate(words):
        if word.casefold() not in POSTS:
            break
        words[number] = POSTS[word.casefold()]
        if word.casefold() not in ("генеральный", "управляющий", "исполнительный", "первый"):
            break  # the noun itself; what follows it stands in the genitive already
    return " ".join(words)


def _day(day: date) -> str:
    return date_format(day, "j E Y") + " г."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
