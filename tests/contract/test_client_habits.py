"""What published clients of the API do, and need: each habit that no other test has.

A Python skill reads every answer as JSON and looks for `NOK`; a TypeScript adapter sorts errors by
status and by words; both fetch pictures without a key.
"""

import asyncio
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.calls import UNKNOWN, generate, images, new_model, result
from tests.support.server import VERSION, Server

from likeness.accounts.service import create_key
from likeness.api.app import create_app
from likeness.settings import Settings
from likeness.store.folder import DataFolder

SMALL = {"width": 64, "height": 64, "steps": 1}


def ask_as_the_skill_does(server: Server, method: str, path: str, body: bytes | None) -> Any:
    """The skill's one function: JSON is announced even where there is no body, and every answer,
    good or bad, is read as JSON."""
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    request = urllib.request.Request(server.api + path, body, headers | VERSION, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return json.loads(error.read())


def test_json_is_announced_without_a_body(
    server: Server, trained: str, generation: dict[str, Any]
) -> None:
    for path in (
        "/ping",
        "/models",
        f"/models/{trained}",
        f"/models/{trained}/images?imageType=all&pageNum=1&pageSize=20",
        f"/images/{generation['images'][0]['id']}",
        f"/jobs/{generation['jobId']}",
        "/jobs",
        "/presets",
    ):
        answer = ask_as_the_skill_does(server, "GET", path, None)

        assert answer["status"] == "OK", path


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/jobs/{UNKNOWN}", None),
        ("GET", "/jobs?start=soon", None),
        ("GET", "/no/such/route", None),
        ("DELETE", "/images/upload", None),
        ("PUT", "/models", b"{}"),
        ("POST", "/models", b"{"),
        ("POST", "/models", b'{"name": "' + b"x" * (1024 * 1024) + b'"}'),
        ("POST", "/images/upload", b"{}"),
        ("POST", "/images/generation", b"{}"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_every_failure_is_json(server: Server, method: str, path: str, body: bytes | None) -> None:
    answer = ask_as_the_skill_does(server, method, path, body)

    assert answer["status"] == "NOK"
    assert isinstance(answer["message"], str) and answer["message"]


def test_the_servers_own_mistakes_are_json(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.database.write() as transaction:
        key = create_key(transaction, "test")
    app = create_app(Settings.read(data=folder.path), folder)

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("a mistake with a secret in it")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            headers = {"Authorization": f"Bearer {key}", **VERSION}
            return await http.get("/api/broken", headers=headers)

    answer = asyncio.run(ask())

    assert (answer.status_code, answer.json()["status"]) == (500, "NOK")
    assert "secret" not in answer.text


def test_polls_are_not_limited(http: httpx.Client, generation: dict[str, Any]) -> None:
    path = f"/jobs/{generation['jobId']}"

    assert {http.get(path).status_code for _ in range(45)} == {200}


@pytest.mark.parametrize("agent", ["Python-urllib/3.11", "node", "curl/8.5.0", ""])
def test_pictures_open_for_any_program(generation: dict[str, Any], agent: str) -> None:
    request = urllib.request.Request(
        generation["images"][0]["url"], headers={"User-Agent": agent, "Accept": "*/*"}
    )

    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.read().startswith(b"\xff\xd8")


@pytest.mark.parametrize("of", ["trained", "seedream"])
def test_one_body_for_own_and_public_models(http: httpx.Client, trained: str, of: str) -> None:
    wish = {
        "modelID": trained if of == "trained" else of,
        "prompt": "on a bridge",
        "numImages": 1,
        "width": 800,
        "height": 800,
        "enhanceFace": True,
    }

    (image,) = generate(http, wish)["images"]

    assert image["id"] and image["url"]


def test_every_documented_field_at_once(http: httpx.Client, trained: str) -> None:
    person = {"name": "MyModel", "age": 25, "gender": "Male", "ethnicity": "white"}
    created = new_model(http, **person, eyeColor="blue", userID="someone-else")
    photo = images(http, trained, imageType="input")[0]
    wish = {"modelID": trained, "prompt": "at the beach", "preset": "editorial"}
    reference = {"inputImageId": photo["id"], "styleStrength": 0.4}
    more = {"numImages": 1, "seed": 42.0, "runType": "standard", "enhanceFace": False}

    assert new_model(http) != created  # the documented sample is {}
    assert new_model(http, id=created, name="Another") == created
    (image,) = generate(http, {**wish, **reference, **SMALL, **more})["images"]
    upscaling = http.post("/images/upscaling", json={"imageID": image["id"]})
    assert result(upscaling)["status"] == "queued"
