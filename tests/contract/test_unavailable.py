"""What a client is told while the database or the blob store is away."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.support.away import Away
from tests.support.photos import small
from tests.support.rooms import House

from likeness.accounts.service import create_key
from likeness.api.app import create_app
from likeness.settings import Settings
from likeness.store.blobs import BlobsUnreachable
from likeness.store.database import DatabaseUnreachable


class Desk:
    """The application over a data folder, without a server."""

    def __init__(self, path: Path) -> None:
        self.house = House.build(path)
        with self.house.folder.database.write(alone=True) as transaction:
            self.key = create_key(transaction, "desk", "test")
        self.app: FastAPI = create_app(Settings.read(**self.house.settings), self.house.folder)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """What is answered."""
        headers = {"Authorization": f"Bearer {self.key}", "API-Version": "1"}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return await client.request(method, path, headers=headers, **options)

        return asyncio.run(send())

    def upload(self, model_id: str) -> httpx.Response:
        """What an upload is answered."""
        data = json.dumps({"modelID": model_id, "type": "modelInput"})
        files = {"file": ("photo.jpg", small()), "data": (None, data)}
        return self.ask("POST", "/api/images/upload", files=files)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


def check(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    body = answer.json()
    assert (body["status"], body["result"], body["err"]) == ("NOK", None, "unavailable")
    assert "away" not in body["message"], "what was found out is for the log"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/models"),
        ("POST", "/api/models"),
        ("GET", "/api/jobs"),
        ("GET", "/readyz"),
    ],
)
def test_a_database_that_is_away_is_unavailable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    away = Away(desk.house.folder.database, monkeypatch)
    body = {"json": {"name": "Asha"}} if method == "POST" else {}
    away.times = 1
    check(desk.ask(method, path, **body))
    assert desk.ask(method, path, **body).is_success


def test_a_key_that_cannot_be_looked_up_is_not_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise DatabaseUnreachable("away")

    monkeypatch.setattr("likeness.accounts.service.Keyring.authenticate", away)
    check(desk.ask("GET", "/api/ping"))
    assert desk.ask("GET", "/healthz").is_success


def test_a_blob_store_that_is_away_takes_no_photo_and_hinders_no_deletion(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise BlobsUnreachable("away")

    model_id = desk.ask("POST", "/api/models", json={"name": "Asha"}).json()["result"]["id"]
    first = desk.upload(model_id).json()["result"]["id"]
    with monkeypatch.context() as patch:
        for name in ("put", "delete", "erase"):
            patch.setattr(type(desk.house.folder.blobs), name, away)
        check(desk.upload(model_id))
        assert desk.ask("DELETE", f"/api/images/{first}").is_success
        assert desk.ask("DELETE", f"/api/models/{model_id}").is_success
    assert desk.house.keys(), "left to upkeep"
