"""Clients that keep a server busy while it is being killed, and remember what it acknowledged."""

import json
import random
import time
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

import httpx
from tests.support.photos import small
from tests.support.server import Server

SIDE = 96
AHEAD = 10
"""Jobs: however long the kills take, what waits when they are over is soon done."""
PHOTOS = [small(size=(SIDE, SIDE), shade=20 * shade) for shade in range(12)]


@dataclass
class Ledger:
    """What the server answered 200 to, and what it should never have answered."""

    models: list[str] = field(default_factory=list)
    doomed: set[str] = field(default_factory=set)
    uploads: dict[str, str] = field(default_factory=dict)
    trainings: dict[str, str] = field(default_factory=dict)
    generations: dict[str, tuple[str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


class Customer(Thread):
    """One client that does one thing again and again until it is told to stop."""

    def __init__(self, server: Server, ledger: Ledger, seed: int) -> None:
        super().__init__(daemon=True)
        self.ledger = ledger
        self.enough = Event()
        self.draw = random.Random(seed)
        self._http = server.http()

    def run(self) -> None:
        """Act until told to stop; what goes wrong here is a fault of the server."""
        with self._http:
            while not self.enough.is_set():
                try:
                    self.act()
                except Exception as error:
                    self.ledger.faults.append(repr(error))
                    return

    def act(self) -> None:
        """One round."""
        raise NotImplementedError

    def send(self, method: str, path: str, **options: Any) -> Any:
        """The result of an acknowledged request; None when it was refused or never answered."""
        try:
            answer = self._http.request(method, path, **options)
            body = answer.json()
        except (httpx.TransportError, ValueError):
            time.sleep(0.1)  # killed in the middle of it
            return None
        if answer.status_code >= 500:
            self.ledger.faults.append(f"{method} {path}: {answer.status_code} {body}")
        return body["result"] if answer.is_success else None

    def insist(self, method: str, path: str, **options: Any) -> Any:
        """The result of a request that may be sent again until it is answered."""
        while not self.enough.is_set():
            if (result := self.send(method, path, **options)) is not None:
                return result
        return None


class Trainer(Customer):
    """Creates models, uploads photos and trains; deletes every fourth model in the middle of it."""

    def act(self) -> None:
        model = self.send("POST", "/models", json={"name": "Chaos", "age": 30})
        if model is None:
            return
        model_id: str = model["id"]
        with self.ledger.lock:
            self.ledger.models.append(model_id)
            doomed = len(self.ledger.models) % 4 == 0
        while self._photos_of(model_id) < len(PHOTOS) and not self.enough.is_set():
            self._upload(model_id)
        while not self.enough.is_set():
            if self.send("GET", f"/models/{model_id}/train") is None:
                time.sleep(0.3)  # three are waiting already, or the server is down
            record = self.insist("GET", f"/models/{model_id}")
            if record and record["trainingJobId"]:
                self.ledger.trainings[record["trainingJobId"]] = model_id
                break
        if doomed:
            self.enough.wait(self.draw.uniform(0, 5))
            self.ledger.doomed.add(model_id)
            self.send("DELETE", f"/models/{model_id}")

    def _photos_of(self, model_id: str) -> int:
        query = {"imageType": "input"}
        return len(self.insist("GET", f"/models/{model_id}/images", params=query) or [])

    def _upload(self, model_id: str) -> None:
        data = json.dumps({"modelID": model_id, "type": "modelInput"})
        files = {"file": ("photo.jpg", self.draw.choice(PHOTOS)), "data": (None, data)}
        if image := self.send("POST", "/images/upload", files=files):
            self.ledger.uploads[image["id"]] = model_id


class Generator(Customer):
    """Generates pictures of models that are ready, with AHEAD jobs not yet done at most."""

    def act(self) -> None:
        self.enough.wait(self.draw.uniform(1, 4))
        if self._busy():
            return
        ready = [
            model["id"]
            for model in self.send("GET", "/models") or []
            if model["status"] == "ready" and model["id"] not in self.ledger.doomed
        ]
        if not ready:
            return
        model_id, count = self.draw.choice(ready), self.draw.randint(1, 4)
        body = {"modelID": model_id, "prompt": "at the beach", "numImages": count}
        body |= {"width": SIDE, "height": SIDE}
        if job := self.send("POST", "/images/generation", json=body):
            self.ledger.generations[job["jobId"]] = model_id, count

    def _busy(self) -> bool:
        before = list(self.ledger.generations)[-AHEAD:]
        if len(before) < AHEAD:
            return False
        oldest = self.send("GET", f"/jobs/{before[0]}")
        return oldest is None or oldest["status"] in ("queued", "running")
