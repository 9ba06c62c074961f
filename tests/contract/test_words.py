"""A published client sorts errors by their words: no word of ours may say what is not so.

It asks in this order: is it about quota, about access, about safety, about the input, about time?
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from likeness.api import app as _app  # with it every room that refuses anything is imported
from likeness.errors import Refusal
from likeness.providers.access import PROVIDERS
from likeness.providers.errors import ProviderError, ProviderRefuses

SRC = Path(_app.__file__).parents[1]

WORDS = {
    "quota": ("quota", "credit", "rate limit", "too many requests", "insufficient"),
    "access": ("unauthorized", "forbidden", "api key", "credential", "permission"),
    "safety": ("safety", "policy", "content filter", "blocked"),
    "input": ("invalid", "unsupported", "mime", "image", "reference"),
    "timeout": ("timeout", "timed out", "deadline"),
}
STATUSES = {429: "quota", 401: "access", 403: "access", 400: "input", 422: "input"}
WRONG = ("quota", "access", "safety")
"""What sends people to their bill, to their key or to a lawyer."""

ABOUT_QUOTA = {"InsufficientCredits"}
"""What is 400 by the contract, and about the bill."""

OF_JOBS = ["work", "engine/errors.py", "engine/sampling.py", "actions/ending.py", "fetching.py"]
"""Where the texts come from that a failed job shows."""


def sort(status: int, message: str) -> str:
    """What the client takes an error for."""
    for kind, words in WORDS.items():
        if STATUSES.get(status) == kind or any(word in message.lower() for word in words):
            return kind
    return "unknown"


def refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal that there is."""
    for refusal in of.__subclasses__():
        yield refusal
        yield from refusals(refusal)


@pytest.mark.parametrize("refusal", [*refusals()], ids=lambda refusal: refusal.__name__)
def test_refusals_are_taken_for_what_they_are(refusal: type[Refusal]) -> None:
    said = refusal().message

    found = sort(refusal.status, said)

    if refusal.__name__ in ABOUT_QUOTA:
        assert found == "quota", said
    elif refusal.status in STATUSES:
        assert found == STATUSES[refusal.status], said
    else:
        assert found not in WRONG, said


def errors_of_providers(of: type[ProviderError] = ProviderError) -> Iterator[type[ProviderError]]:
    """Every error of providers that a job can end with."""
    yield of
    for error in of.__subclasses__():
        yield from errors_of_providers(error)


@pytest.mark.parametrize("error", [*errors_of_providers()], ids=lambda error: error.__name__)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_only_what_a_provider_refuses_is_about_safety(
    error: type[ProviderError], provider: str
) -> None:
    detail = "insufficient_quota: the api key is blocked by a content policy"
    said = str(error(PROVIDERS[provider].title, detail))

    assert sort(422, said) == ("safety" if error is ProviderRefuses else "input"), said


def spoken(tree: ast.AST) -> Iterator[str]:
    """The sentences of a module, but for what its functions say of themselves."""
    of_functions = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if " " in text and text not in of_functions:
                yield text


@pytest.mark.parametrize("room", OF_JOBS)
def test_reasons_of_jobs_are_about_the_input_or_time(room: str) -> None:
    place = SRC / room
    files = [place] if place.suffix else sorted(place.glob("*.py"))
    texts = [text for file in files for text in spoken(ast.parse(file.read_text()))]

    assert texts
    for text in texts:
        assert sort(422, text) not in WRONG, text


def test_details_of_refusals_are_not_about_quota_access_or_safety() -> None:
    """What is said in place of a class's own sentence, wherever it is raised."""
    named = {refusal.__name__: refusal.status for refusal in refusals()}
    seen = 0
    for file in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                status = None if node.func.id in ABOUT_QUOTA else named.get(node.func.id)
                for text in spoken(node) if status not in (None, 401, 429) else ():
                    seen += 1
                    assert sort(404, text) not in WRONG, text
    assert seen > 10
