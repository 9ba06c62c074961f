"""What a look has found."""

from collections.abc import Callable

from tests.support.rooms import House

from likeness.cli.doctor.finding import Finding, Findings, State
from likeness.settings import Settings

Look = Callable[[Settings], Findings]


def look(looking: Look, house: House | None = None, **options: object) -> list[Finding]:
    """All findings, with the settings of a house and others."""
    given = dict(house.settings) if house else {}
    return list(looking(Settings.read(**(given | options))))


def states(findings: list[Finding]) -> list[State]:
    """Their states."""
    return [finding.state for finding in findings]
