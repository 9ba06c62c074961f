"""The look at everything, line by line."""

from collections.abc import Callable, Mapping

import click

from likeness.cli.checked import ServerSettings
from likeness.cli.doctor.data import (
    look_at_blobs,
    look_at_clock,
    look_at_database,
    look_at_disk,
)
from likeness.cli.doctor.finding import Finding, Findings, State, fine, wrong
from likeness.cli.doctor.machine import look_at_base, look_at_device
from likeness.settings import BadSettings, Settings

COLOURS = {State.FINE: "green", State.DOUBTFUL: "yellow", State.WRONG: "red"}

BASE = "LIKENESS_BASE:"
"""How a line begins that tells what is wrong with the base, which is looked at by itself."""


def look_at_settings(settings: Settings) -> Findings:
    """Can they be used together?"""
    given = sorted(settings.model_fields_set)
    try:
        ServerSettings.read(data=settings.data)
    except BadSettings as error:
        others = [line for line in error.mistakes if not line.startswith(BASE)]
        for line in others:
            yield wrong(line, "Correct it: the README lists all settings.")
        if others:
            return
    yield fine(f"{', '.join(given) or 'none'} set; the others are at their defaults")


LOOKS: Mapping[str, Callable[[Settings], Findings]] = {
    "settings": look_at_settings,
    "database": look_at_database,
    "blobs": look_at_blobs,
    "base": look_at_base,
    "device": look_at_device,
    "disk": look_at_disk,
    "clock": look_at_clock,
}


def run_doctor(settings: Settings) -> bool:
    """Print what is found of each thing, and what to do. Returns whether nothing is wrong."""
    well = True
    for name, look in LOOKS.items():
        for finding in look(settings):
            well = well and finding.state is not State.WRONG
            _print(name, finding)
    return well


def _print(name: str, finding: Finding) -> None:
    state = click.style(f"{finding.state:<6}", fg=COLOURS[finding.state])
    click.echo(f"{state}{name:<10}{finding.found}")
    if finding.advice:
        click.echo(f"{'':16}{finding.advice}")
