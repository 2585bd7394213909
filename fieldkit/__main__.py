"""`python -m fieldkit` is the command `fieldkit`."""

from fieldkit.cli.main import script

script()
