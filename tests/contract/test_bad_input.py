"""Bodies that are not right: 400 with a sentence, never 500, and nothing is changed."""

import json
from typing import Any

import httpx
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.calls import UNKNOWN, assert_error, assert_refused, generate, result
from tests.support.server import Server

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/models", "/images/generation"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Send a JSON object"),
        (b"{", "not valid JSON"),
        (b"{'name': 'x'}", "not valid JSON"),
        (b"null", "Send a JSON object"),
        (b"[]", "Send a JSON object"),
        (b'"text"', "Send a JSON object"),
        (b"7", "Send a JSON object"),
        (b'{"name": "\xff"}', "JSON in UTF-8"),
        (b'{"a": ' * 50_000 + b"1" + b"}" * 50_000, "JSON in UTF-8"),
        (b"[" * 500_000, "JSON in UTF-8"),
        (b'{"age": ' + b"9" * 5_000 + b"}", "JSON in UTF-8"),
    ],
)
def test_no_json_object(http: httpx.Client, path: str, body: bytes, words: str) -> None:
    assert_refused(http.post(path, content=body, headers=JSON), 400, words)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_json_must_be_called_json(http: httpx.Client, kind: str) -> None:
    answer = http.post("/models", content=b"{}", headers={"Content-Type": kind})

    assert_refused(answer, 400, "Content-Type: application/json")


@pytest.mark.parametrize(
    "body",
    [
        '{"age": 17}',
        '{"age": 17.99}',
        '{"age": -1}',
        '{"age": 121}',
        '{"age": "27"}',
        '{"age": true}',
        '{"age": NaN}',
        '{"age": Infinity}',
        '{"age": 1e999}',
        '{"age": ' + "9" * 400 + "}",
        '{"age": []}',
        '{"gender": "male"}',
        '{"gender": "Other"}',
        '{"gender": 1}',
        '{"gender": "\\ud800"}',
        '{"name": 7}',
        '{"name": ["x"]}',
        '{"name": "a\\u0000b"}',
        '{"name": "\\udfff"}',
        '{"ethnicity": {}}',
        '{"eyeColor": false}',
        '{"id": 7}',
        '{"id": "\\ud800"}',
        json.dumps({"name": "x" * 201}),
    ],
)
def test_bad_model(http: httpx.Client, body: str) -> None:
    before = result(http.get("/models"))
    field = next(iter(json.loads(body)))

    assert_refused(http.post("/models", content=body, headers=JSON), 400, f"{field}: ")

    assert result(http.get("/models")) == before


def test_bad_change_changes_nothing(http: httpx.Client) -> None:
    record = result(http.post("/models", json={"name": "before", "age": 40}))

    answer = http.post("/models", json={"id": record["id"], "name": "after", "age": 12})

    assert_refused(answer, 400, "age: ")
    assert result(http.get(f"/models/{record['id']}")) == record


def test_all_mistakes_are_named_at_once(http: httpx.Client) -> None:
    answer = http.post("/models", json={"age": 3, "gender": "x", "name": 1})

    assert_refused(answer, 400, "age: ")
    assert all(f"{field}: " in answer.json()["message"] for field in ("name", "age", "gender"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(side, size) for side in ("width", "height") for size in (63, 2049, -1, 0, 1024.5)],
        *[(side, size) for side in ("width", "height") for size in ("1024", True, [1])],
        ("numImages", 0),
        ("numImages", 9),
        ("numImages", "2"),
        ("steps", 0),
        ("steps", 101),
        ("seed", -1),
        ("seed", 2**63),
        ("seed", 10**40),
        ("seed", 0.5),
        ("prompt", 5),
        ("prompt", "x" * 5001),
        ("prompt", "a\0b"),
        ("prompt", "a\ud800"),
        ("modelID", None),
        ("modelID", 5),
        ("modelID", "x" * 5000),
    ],
)
def test_bad_generation(http: httpx.Client, trained: str, field: str, value: Any) -> None:
    before = result(http.get("/jobs"))["jobs"][0]
    body = {"modelID": trained, "prompt": "at the beach", field: value}

    answer = http.post("/images/generation", content=json.dumps(body), headers=JSON)

    assert_refused(answer, 400, f"{field}: ")
    assert result(http.get("/jobs"))["jobs"][0] == before


def test_null_is_what_was_left_out(http: httpx.Client, trained: str) -> None:
    optional = ("prompt", "width", "height", "steps", "seed", "preset", "styleStrength")
    body = {"modelID": trained, **dict.fromkeys(optional), "prompt": "at the beach"}

    image = generate(http, body)["images"][0]

    assert (image["data"]["width"], image["data"]["height"]) == (1024, 1024)


def test_model_id_is_needed(http: httpx.Client) -> None:
    answer = http.post("/images/generation", json={"prompt": "at the beach"})

    assert_refused(answer, 400, "modelID: ")


@pytest.mark.parametrize("chunked", [False, True])
def test_large_json_body(server: Server, chunked: bool) -> None:
    headers = {"Authorization": f"Bearer {server.key}", "API-Version": "1", **JSON}
    pieces = [b'{"name": "', *[b"x" * 65536] * 40, b'"}']
    body: Any = iter(pieces) if chunked else b"".join(pieces)

    answer = requests.post(f"{server.api}/models", headers=headers, data=body, timeout=60)

    assert (answer.status_code, answer.json()["status"]) == (413, "NOK")
    assert "larger than 1,048,576 bytes" in answer.json()["message"]


TEXT = st.text(st.characters(), max_size=20)  # lone surrogates and NUL among them
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        *("id", "name", "age", "gender", "ethnicity", "eyeColor", "userID"),
        *("modelID", "prompt", "width", "height", "numImages", "steps", "seed", "preset"),
    ]
)


@given(st.dictionaries(FIELDS | TEXT, VALUES, max_size=6), st.sampled_from(["modelID", "id"]))
@settings(max_examples=80)
def test_any_body_is_refused_with_a_sentence(
    http: httpx.Client, body: dict[str, Any], name: str
) -> None:
    path = "/models" if name == "id" else "/images/generation"

    # The id is of a model that there is not, so that nothing comes of a body that is right.
    answer = http.post(path, content=json.dumps({**body, name: UNKNOWN}), headers=JSON)

    assert_error(answer)
    assert answer.status_code in (400, 404)
