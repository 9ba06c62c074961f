from foundry.cli import cli

cli()
