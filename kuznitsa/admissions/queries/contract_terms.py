"""What a contract freezes of its offer, and the hash by which it is known again."""

import json
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from kuznitsa.admissions.models import TargetOffer
from kuznitsa.base.rules import rule
from kuznitsa.organisations.models import Organisation
from kuznitsa.people.models import Person


def terms_of(
    offer: TargetOffer,
    *,
    person: Person,
    guardian: Person | None,
    college: Organisation | None,
    employing: Organisation | None,
    number: str,
    on: date,
) -> dict[str, Any]:
    """Return the terms as they stand on the day `on`: later changes of the offer do not touch them."""
    regulation = rule("target_training_regulation", on=on)
    return {
        "number": number,
        "drawn_up_on": on.isoformat(),
        "regulation": {"number": regulation.value, "source": regulation.source},
        "customer": _organisation(offer.employer),
        "citizen": _person(person),
        "guardian": _person(guardian) if guardian else None,
        "college": _organisation(college) if college else None,
        "employing": _organisation(employing) if employing else None,
        "programme": _programme(offer),
        "position": offer.position,
        "site": offer.site.name if offer.site else "",
        "service_months": offer.service_months,
        "wage_from_kopecks": offer.wage_from_kopecks,
        "wage_to_kopecks": offer.wage_to_kopecks,
        "support": _support(offer),
        "requirements": offer.requirements,
        "duties": offer.duties,
        "exit_terms": offer.exit_terms,
        "contact": offer.contact,
    }


def hash_of(terms: dict[str, Any]) -> str:
    """Return the SHA-256 of the terms in one canonical spelling."""
    text = json.dumps(terms, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.pk,
        "name": organisation.name,
        "short_name": organisation.short_name,
        "tax_number": organisation.tax_number or "",
        "registration_number": organisation.registration_number,
        "address": organisation.address,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "is_male": person.is_male,
        "snils": person.snils,
        "address": person.address,
    }


def _programme(offer: TargetOffer) -> dict[str, Any]:
    programme, intake = offer.intake.programme, offer.intake
    return {
        "college": programme.college.name,
        "occupation_code": programme.occupation.code,
        "occupation": programme.occupation.name_ru,
        "qualification": programme.qualification,
        "months": programme.months,
        "starts_on": intake.starts_on.isoformat(),
        "ends_on": intake.ends_on.isoformat(),
    }


def _support(offer: TargetOffer) -> list[dict[str, Any]]:
    return [
        {
            "measure": measure.pk,
            "kind": measure.kind,
            "amount_kopecks": measure.amount_kopecks,
            "period": measure.period,
            "description": measure.description,
        }
        for measure in offer.support.order_by("order", "pk")
    ]
