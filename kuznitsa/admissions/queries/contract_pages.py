"""What the page of a contract shows: sides, what comes next, the paper; panels on pages of lower apps."""

import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kuznitsa.admissions.enums import ContractRole, ContractState
from kuznitsa.admissions.models import ContractParty, TargetContract, TargetOffer
from kuznitsa.admissions.permissions import contracts as may
from kuznitsa.admissions.queries.contract_terms import hash_of
from kuznitsa.admissions.queries.contracts import ServiceClock, service_clock
from kuznitsa.agreements.queries.verification import Paper
from kuznitsa.base.documents import full_name
from kuznitsa.base.money import NO_BREAK, format_money, in_words, number_in_words
from kuznitsa.base.rules import NoRuleInForce, rule
from kuznitsa.organisations.queries import signatories_on
from kuznitsa.people.models import Person
from kuznitsa.programmes.models import Intake
from kuznitsa.ui.parts import Fact, Step


@dataclass(frozen=True)
class PartyLine:
    """A side of the contract and why the user may not sign for it, "" when they may."""

    party: ContractParty
    why_not_sign: str

    @property
    def values(self) -> dict[str, str]:
        """What the button that signs sends."""
        return {"role": self.party.role}


def party_lines(contract: TargetContract, user: Any) -> list[PartyLine]:
    """Return the sides in the order in which they are named; the contract comes with each."""
    parties = contract.parties.select_related("organisation", "person", "signatory").order_by("pk")
    lines = []
    for party in parties:
        party.contract = contract
        lines.append(PartyLine(party, may.why_not_sign(user, party)))
    return lines


def steps_of(contract: TargetContract, lines: list[PartyLine], today: date) -> list[Step]:
    """Return where the contract stands, from drawing up to the end of the service."""
    signed = [line for line in lines if line.party.signed_at]
    progress = _("%(signed)d of %(all)d have signed") % {"signed": len(signed), "all": len(lines)}
    clock = service_clock(contract, today)
    ended = contract.state in (ContractState.TERMINATED, ContractState.CANCELLED, ContractState.ANNULLED)
    study_until = date.fromisoformat(contract.terms["programme"]["ends_on"])
    states = _states(contract, clock, studied=today >= study_until)
    steps = [
        Step(_("Contract drawn up"), "done", note=date_format(contract.drawn_up_on)),
        Step(_("Signed by all"), states[0], note=progress),
        Step(_("Studies"), states[1], note=_("until %(day)s") % {"day": date_format(study_until)}),
        Step(_("Taken on"), states[2], note=date_format(clock.started_on) if clock else contract.terms["position"]),
        Step(_("Months to work"), states[3], note=_service_note(contract, clock)),
    ]
    if ended:
        return [*(step for step in steps if step.state == "done"), Step(contract.get_state_display(), "failed")]
    return steps


def _states(contract: TargetContract, clock: ServiceClock | None, *, studied: bool) -> list[str]:
    done = [
        contract.state != ContractState.SIGNING and contract.signed_on is not None,
        clock is not None or (contract.signed_on is not None and studied),
        clock is not None,
        contract.state == ContractState.FULFILLED,
    ]
    current = next((number for number, is_done in enumerate(done) if not is_done), len(done))
    return ["done" if is_done else "current" if number == current else "todo" for number, is_done in enumerate(done)]


def _service_note(contract: TargetContract, clock: ServiceClock | None) -> str:
    if clock is not None:
        return _("until %(day)s") % {"day": date_format(clock.ends_on)}
    return ngettext("%(count)d month", "%(count)d months", contract.service_months) % {"count": contract.service_months}


def wage_of(terms: dict[str, Any], language: str = "") -> str:
    """Return the promised wage as `60 000 – 80 000 ₽`, "" when none is named."""
    ends = [terms["wage_from_kopecks"], terms["wage_to_kopecks"]]
    return f"{NO_BREAK}– ".join(format_money(kopecks, language) for kopecks in ends if kopecks)


def paper_of(contract: TargetContract) -> dict[str, Any]:
    """Return what the printed contract is filled with: the frozen terms, names in their cases, sums in words."""
    terms = contract.terms
    parties = list(contract.parties.select_related("signatory", "organisation", "person").order_by("pk"))
    by_role = {party.role: party for party in parties}
    return {
        **{key: terms[key] for key in ("programme", "position", "site", "requirements", "duties", "exit_terms")},
        "number": contract.number,
        "place": contract.offer.employer.town,
        "date": f"{contract.drawn_up_on:%d.%m.%Y}",
        "regulation": terms["regulation"]["source"],
        "study_from": _day(terms["programme"]["starts_on"]),
        "study_until": _day(terms["programme"]["ends_on"]),
        "service_months": terms["service_months"],
        "service_words": number_in_words(terms["service_months"]),
        "wage": wage_of(terms, "ru"),
        "contact": terms["contact"],
        "support": [_support_row(line) for line in terms["support"]],
        "customer": _side(terms["customer"], by_role[ContractRole.CUSTOMER]),
        "citizen": _citizen(terms["citizen"]),
        "guardian": _citizen(terms["guardian"]) if terms["guardian"] else None,
        "college": _side(terms["college"], by_role[ContractRole.COLLEGE]) if terms["college"] else None,
        "employing": _side(terms["employing"], by_role[ContractRole.EMPLOYER])
        if ContractRole.EMPLOYER in by_role
        else None,
        "signatures": [_signature(party, terms) for party in parties],
        "notice_days": _notice_days(contract.drawn_up_on),
        "hash": contract.terms_hash,
    }


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d.%m.%Y}" if iso else ""


def _notice_days(on: date) -> int:
    """Return the working days in which the citizen tells of a suspension; 0 when the rules of the day name none."""
    try:
        return int(rule("suspension_notice_working_days", on=on).value)
    except NoRuleInForce:
        return 0


def _support_row(line: dict[str, Any]) -> dict[str, Any]:
    kopecks = line["amount_kopecks"]
    return {
        "kind": line["kind"],
        "period": line["period"],
        "amount": format_money(kopecks, "ru") if kopecks else "",
        "words": in_words(kopecks) if kopecks else "",
        "description": line["description"],
    }


def _side(organisation: dict[str, Any], party: ContractParty) -> dict[str, Any]:
    assert party.organisation is not None  # a side of the paper's head is an organisation
    signatory = party.signatory or signatories_on(party.organisation, party.contract.drawn_up_on).first()
    return {
        "name": organisation["name"],
        "signatory": signatory.full_name if signatory else "",
        "post": signatory.post if signatory else "",
        "authority": signatory.authority_kind if signatory else "",
        "authority_number": signatory.authority_number if signatory else "",
    }


def _citizen(person: dict[str, Any]) -> dict[str, Any]:
    names = (person["family_name"], person["given_name"], person["patronymic"])
    sex = {True: "male", False: "female", None: ""}[person["is_male"]]
    is_female = sex == "female" or (not sex and person["patronymic"].endswith("на"))
    return {
        "name": full_name(*names),
        "genitive": full_name(*names, case="genitive", sex=sex),
        "dative": full_name(*names, case="dative", sex=sex),
        "is_female": is_female,
        "born_on": _day(person["born_on"]),
    }


def _signature(party: ContractParty, terms: dict[str, Any]) -> dict[str, Any]:
    signed_on = f"{timezone.localdate(party.signed_at):%d.%m.%Y}" if party.signed_at else ""
    if party.organisation is not None:
        side = {ContractRole.CUSTOMER: "customer", ContractRole.COLLEGE: "college"}.get(
            ContractRole(party.role), "employing"
        )
        frozen = terms[side]
        numbers = [frozen["tax_number"], frozen["registration_number"]]
        signatory = party.signatory.full_name if party.signatory else ""
        name = frozen["name"]
    else:
        frozen = terms["citizen" if party.role == ContractRole.CITIZEN else "guardian"]
        numbers = [frozen["snils"], _day(frozen["born_on"])]
        name = " ".join(filter(None, (frozen["family_name"], frozen["given_name"], frozen["patronymic"])))
        signatory = party.person.short_name if party.person else ""
    return {
        "role": party.role,
        "name": name,
        "numbers": numbers,
        "address": frozen["address"],
        "signatory": signatory,
        "signed_on": signed_on,
        "method": party.method,
    }


def public_paper(digest: str) -> Paper | None:
    """Return what anybody may know of the contract with this hash: the plant and the college, not the student."""
    contracts = TargetContract.objects.filter(terms_hash=digest).select_related("offer__employer")
    contract = contracts.first()
    if contract is None:
        return None
    parties = list(contract.parties.select_related("organisation").order_by("pk"))
    return Paper(
        title=_("Contract on target training"),
        number=contract.number,
        drawn_up_on=contract.drawn_up_on,
        sides=tuple(str(party.organisation) for party in parties if party.organisation),
        state=contract.get_state_display(),
        is_in_force=contract.state in may.IN_FORCE,
        in_force_on=contract.signed_on,
        ended_on=contract.ended_on,
        signed=sum(party.signed_at is not None for party in parties),
        parties=len(parties),
        matches=hmac.compare_digest(hash_of(contract.terms), digest),
    )


def panel_of_person(request: Any, person: Person) -> dict[str, Any] | None:
    """Return the contracts of a person that the user may see; None when there are none."""
    contracts = list(
        TargetContract.objects.visible_to(request.user)
        .filter(person=person)
        .select_related("offer__employer", "person")
        .order_by("-drawn_up_on")
    )
    return {"contracts": contracts} if contracts else None


def panel_of_intake(request: Any, intake: Intake) -> dict[str, Any] | None:
    """Return how many contracts of a group are being signed and in force, for those who see some."""
    contracts = TargetContract.objects.visible_to(request.user).filter(offer__intake=intake)
    counts = contracts.aggregate(
        signing=Count("pk", filter=Q(state=ContractState.SIGNING)),
        active=Count("pk", filter=Q(state__in=[ContractState.ACTIVE, ContractState.SUSPENDED])),
    )
    if not any(counts.values()):
        return None
    return {"facts": [Fact(_("In force"), counts["active"]), Fact(_("Being signed"), counts["signing"])]}


def panel_of_offer(request: Any, offer: TargetOffer) -> dict[str, Any] | None:
    """Return how many have a contract in force by an offer and what its offices may do; None for the others."""
    user = request.user
    if not user.is_authenticated or not may.speaks_for_office(user, offer):
        return None
    return {
        "signed": TargetContract.objects.in_force().filter(offer=offer).count(),
        "may_pay": not may.why_not_pay_by(user, offer),
        "why_not_draw_up": may.why_not_draw_up(user, offer),
    }
