"""`python -m likeness.cli`, the same as `likeness`."""

from likeness.cli.main import cli

cli(prog_name="likeness")
