"""docs/compatibility.md says what is so: every endpoint, every open question, tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from likeness.settings import Settings

ROOT = Path(__file__).parents[1]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "compatibility.md").read_text().splitlines()
    if line.startswith("| ") and "::test_" in line
]
ENDPOINTS = {row[0].strip("`"): row[1] for row in ROWS if row[0].startswith("`")}
QUESTIONS = [row for row in ROWS if row[0].isdigit()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_test_of_a_row_exists(row: list[str]) -> None:
    named = re.fullmatch(r"`(.+)::(test_\w+)`", row[-1])
    assert named is not None
    tree = ast.parse((ROOT / "tests" / named[1]).read_text())
    assert named[2] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_endpoint_of_the_contract_has_a_row(tmp_path: Path) -> None:
    from likeness.api.app import create_app
    from likeness.store.folder import DataFolder

    app = create_app(Settings.read(data=tmp_path / "data"), DataFolder(tmp_path / "data"))
    served = {
        f"{method.upper()} {path.removeprefix('/api')}"
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    ours = {"GET /jobs/{id}/events", "POST /jobs/{id}/cancel"}

    assert len(ENDPOINTS) == 21
    assert set(ENDPOINTS) == served - ours


def test_every_question_has_a_row() -> None:
    assert [int(row[0]) for row in QUESTIONS] == list(range(1, 29))
    assert all(len(row) == 5 and all(row) for row in QUESTIONS)
