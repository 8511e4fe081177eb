"""To whom letters about an applicant go."""

from typing import Any

from kuznitsa.people.models import Person


def address_of(person: Person) -> Any:
    """Return the user of a person, or their address, or "" when they can only be reached otherwise."""
    return person.user or person.email


def guardians_of(person: Person) -> list[Person]:
    """Return the confirmed guardians of a person: a letter tells of the child."""
    return [row.guardian for row in person.guardianships.in_force().select_related("guardian__user").order_by("pk")]


def family_of(person: Person) -> list[Any]:
    """Return addresses of the person and, for those who have any, of the guardians."""
    return [address for one in (person, *guardians_of(person)) if (address := address_of(one))]
