"""The house keeps its shape: who imports whom, and who may read across accounts."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ROOT / "src" / "likeness"

CROSS_ACCOUNT = {
    "accounts": {
        "authenticate",
        "create_key",
        "find_account",
        "has_keys",
        "list_accounts",
        "list_keys",
        "list_shares",
        "revoke_key",
        "set_share",
    },
    "credits": set[str](),
    # For the operator's commands.
    "webhooks": {"attempts_of", "remove_webhook", "send_again"},
    # Not by an account, but of a model or job that was reached through one, or of a claim.
    "models": {
        "add_adapter",
        "bury",
        "change_model",
        "get_adapter",
        "hold_model",
        "not_erased",
    },
    "images": {
        "add_image",
        "check_room",
        "count_images",
        "find_file",
        "link_upscaled",
        "photos_of_model",
        "remove_image",
        "remove_images_of_model",
    },
    "videos": {"add_video", "find_file"},
    "jobs": {"queue_position", "unfinished_of_model", "versions"},
}
"""Functions of the rooms' services that do not start from an account: the only ones."""


def test_arrows() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-cache", "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("room", CROSS_ACCOUNT)
def test_reads_across_accounts_are_the_named_ones(room: str) -> None:
    tree = ast.parse((ROOMS / room / "service.py").read_text())
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            names = [argument.arg for argument in node.args.args]
            annotations = [ast.unparse(a.annotation) for a in node.args.args if a.annotation]
            if "transaction" in names and "Account" not in annotations:
                found.add(node.name)
    assert found == CROSS_ACCOUNT[room]


@pytest.mark.parametrize(
    ("call", "place"),
    [("queue.enqueue(", "actions/starting.py"), ("queue.end(", "actions/ending.py")],
)
def test_no_job_starts_or_ends_past_the_ledger_and_the_outbox(call: str, place: str) -> None:
    callers = [path for path in ROOMS.rglob("*.py") if call in path.read_text()]
    assert [str(path.relative_to(ROOMS)) for path in callers] == [place]


def test_files_are_short() -> None:
    for path in [
        file for folder in ("src", "foundry/src", "tests") for file in (ROOT / folder).rglob("*.py")
    ]:
        assert len(path.read_text().splitlines()) <= 400, f"{path} holds more than one noun"
