"""Data folders that are full: rows written past the program, since it would take hours."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from likeness.accounts.service import authenticate, create_key
from likeness.models import service as models
from likeness.store.folder import DataFolder
from likeness.store.ids import new_id

OF_A_MODEL = 20
SAMPLE = 200
DATA = json.dumps({"prompt": "at the beach", "seed": 7, "width": 1024, "height": 1024})


@dataclass(frozen=True)
class Full:
    """A folder with as many jobs as images, and what of it is asked for.

    Each of `models` holds twenty images, `crowded` a tenth of all; `ready` is a model that has an
    adapter, `queued` a job that waits for ever.
    """

    data: Path
    key: str
    jobs: list[str]
    models: list[str]
    crowded: str
    ready: str
    queued: str


def fill(data: Path, count: int) -> Full:
    """A folder with `count` jobs, each of which made one image."""
    folder = DataFolder(data)
    with folder.database.write() as transaction:
        key = create_key(transaction, "benchmark")
        account = authenticate(transaction, key)
        assert account is not None
        ready = models.create_model(transaction, account, {"name": "Ready"})
        values = {"job_id": new_id(), "base": "mini", "trigger": "x", "description": "a person"}
        values |= {"blob_key": "none", "recipe": {}}
        models.add_adapter(transaction, ready, values)
    folder.database.close()
    now = time.time()
    model_ids = [new_id() for _ in range(max(2, count // OF_A_MODEL))]
    job_ids = [new_id() for _ in range(count)]
    queued = new_id()

    def all_models() -> Iterator[tuple[Any, ...]]:
        for model_id in model_ids:
            yield model_id, account.id, "Asha", 30, "Female", "", "", "ready", now, now

    def all_jobs() -> Iterator[tuple[Any, ...]]:
        for number, job_id in enumerate(job_ids):
            model_id = model_ids[number % len(model_ids)]
            kind = "generation", "pictures"
            yield job_id, *kind, account.id, model_id, 0, "success", "{}", 1, now, now
        yield queued, "bare", "bare", account.id, ready["id"], 0, "queued", "{}", 0, now, now

    def all_images() -> Iterator[tuple[Any, ...]]:
        for number, job_id in enumerate(job_ids):
            model_id = model_ids[0 if number % 10 == 0 else number % len(model_ids)]
            image_id, kind = new_id(), ("modelInput", "modelOutput")[number % 2]
            blob = f"models/{model_id}/{image_id}.jpg"
            yield image_id, account.id, model_id, job_id, 0, kind, blob, DATA, now, now

    job_columns = "id,kind,lane,account_id,model_id,priority,status,payload,attempt"
    with closing(sqlite3.connect(data / "likeness.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for table, columns, rows in (
            ("models", "id,account_id,name,age,gender,ethnicity,eye_color,status", all_models()),
            ("jobs", job_columns, all_jobs()),
            ("images", "id,account_id,model_id,job_id,position,type,blob_key,data", all_images()),
        ):
            marks = ",".join("?" * (columns.count(",") + 3))
            insert = f"INSERT INTO {table} ({columns},created_at,updated_at) VALUES ({marks})"
            connection.executemany(insert, rows)
        standing = account.id, "bare", 0, 0.0, 1
        connection.execute("INSERT INTO standings VALUES (?, ?, ?, ?, ?)", standing)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    step = max(1, count // SAMPLE)
    holders = [model_id for number, model_id in enumerate(model_ids) if number % 10]
    some_models = holders[:: max(1, len(holders) // SAMPLE)]
    return Full(data, key, job_ids[::step], some_models, model_ids[0], ready["id"], queued)
