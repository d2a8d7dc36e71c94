"""A person as every list of people shows them."""

from typing import Any

from training.accounts.models import Person


def row(person: Person) -> dict[str, Any]:
    """Return what a list says of a person whose unit is loaded; the list adds where it leads."""
    return {
        "printed_name": person.printed_name,
        "user_name": person.user_name,
        "personnel_number": person.personnel_number,
        "unit_name": person.unit.name if person.unit else None,
        "is_active": person.is_active,
    }
