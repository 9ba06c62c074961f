"""`likeness credits`: granting, and seeing why a balance is what it is."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likeness.accounts.service import create_key
from likeness.cli.main import cli
from likeness.store.folder import DataFolder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two accounts."""
    folder = DataFolder(tmp_path / "data")
    with folder.database.write(alone=True) as transaction:
        for account in ("default", "shop"):
            create_key(transaction, "key", account)
    folder.database.close()
    return folder.path


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["credits", words[0], "--data", str(data), *words[1:]])


def test_credits_are_given_and_taken_back(data: Path) -> None:
    given = run(data, "grant", "--account", "shop", "--note", "May", "120")
    assert given.output == "shop has 120 credits, and 0 reserved.\n"
    assert run(data, "grant", "--account", "shop", "--", "-20").exit_code == 0

    assert run(data, "list").output == "default  0  0\nshop  100  0\n"
    lines = run(data, "ledger", "--account", "shop").output.splitlines()
    assert [re.sub(r"^\S+Z", "", line).split() for line in lines] == [
        ["grant", "+120", "+0", "May"],
        ["grant", "-20", "+0"],
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grant", "--account", "shop", "--", "-1"), "0 are left"),
        (("grant", "--account", "nobody", "1"), "No account has this name"),
        (("ledger", "--account", "nobody"), "No account has this name"),
        (("grant", "much"), "not a valid integer"),
    ],
)
def test_what_cannot_be_done_is_told(data: Path, words: tuple[str, ...], said: str) -> None:
    result = run(data, *words)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert run(data, "list").output == "default  0  0\nshop  0  0\n"
