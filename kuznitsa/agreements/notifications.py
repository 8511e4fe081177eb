"""Letters about agreements and acts, each called with an id after the commit."""

from collections.abc import Iterable

from kuznitsa.accounts.models import User
from kuznitsa.agreements.models import Act, Agreement, Obligation
from kuznitsa.agreements.permissions import KEEPERS, OFFICE
from kuznitsa.base.mail import Letter, send
from kuznitsa.organisations.models import Signatory
from kuznitsa.organisations.queries import holders


def asked_to_sign(pk: int) -> None:
    """To everybody who may sign for a party, and to its office, which may bring a paper signed elsewhere."""
    agreement = Agreement.objects.get(pk=pk)
    parties = set(agreement.parties.unsigned().values_list("organisation", flat=True))
    signatories = Signatory.objects.confirmed().filter(organisation__in=parties).values("user")
    people = User.objects.filter(pk__in=signatories, is_active=True) | holders(parties, *OFFICE)
    _tell(people.distinct(), "sign", agreement)


def came_into_force(pk: int) -> None:
    """To those who keep the promises of the parties."""
    _tell_keepers(pk, "in_force")


def returned_to_draft(pk: int) -> None:
    """To those who keep the promises of the parties: signatures are gone, and why."""
    _tell_keepers(pk, "returned")


def ended(pk: int) -> None:
    """To those who keep the promises of the parties: terminated, withdrawn or expired."""
    _tell_keepers(pk, "ended")


def act_submitted(pk: int) -> None:
    """To the office of the party that accepts."""
    act = _act(pk)
    _tell_of_act(act, holders([act.obligation.beneficiary_id], *OFFICE), "act_submitted")


def act_returned(pk: int) -> None:
    """To those who keep the promises of the party that submitted it."""
    act = _act(pk)
    _tell_of_act(act, holders([act.obligation.owner_id], *KEEPERS), "act_returned")


def waived(pk: int) -> None:
    """To those who owed it."""
    obligation = Obligation.objects.select_related("agreement", "beneficiary").get(pk=pk)
    for user in holders([obligation.owner_id], *KEEPERS):
        send(
            Letter(to=user, template="agreements/letters/waived", context={"obligation": obligation}, about=obligation)
        )


def _act(pk: int) -> Act:
    return Act.objects.select_related("obligation__owner", "obligation__beneficiary").get(pk=pk)


def _tell_of_act(act: Act, people: Iterable[User], name: str) -> None:
    for user in people:
        send(Letter(to=user, template=f"agreements/letters/{name}", context={"act": act}, about=act))


def _tell_keepers(pk: int, name: str) -> None:
    agreement = Agreement.objects.get(pk=pk)
    _tell(holders(agreement.parties.values_list("organisation", flat=True), *KEEPERS), name, agreement)


def _tell(people: Iterable[User], name: str, agreement: Agreement) -> None:
    for user in people:
        send(Letter(to=user, template=f"agreements/letters/{name}", context={"agreement": agreement}, about=agreement))
