"""What the API is measured beside: the same framework, doing no more than must be done.

    python bare.py DATA PORT

Each endpoint looks a key up and reads or writes one row, by SQLAlchemy as a tutorial would write
it, in one thread hop. `/page` reads twenty rows, `/sqlite3` does without SQLAlchemy, `/nothing`
without a database.
"""

import hashlib
import sqlite3
import sys
import tempfile
import threading
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, File, Header, HTTPException, UploadFile
from sqlalchemy import Connection, create_engine, event, select

from likeness.accounts.table import api_keys
from likeness.images.table import images
from likeness.jobs.table import jobs
from likeness.media.photo import read_photo, save_photo
from likeness.store.ids import new_id

DATA, PORT = Path(sys.argv[1]), int(sys.argv[2])
FILE = DATA / "likeness.db"
Key = Annotated[str, Header(alias="Authorization")]

app = FastAPI()
engine = create_engine(f"sqlite:///{FILE}", pool_size=40, pool_use_lifo=True)
here = threading.local()


@event.listens_for(engine, "connect")
def _(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def hash_of(authorization: str) -> str:
    """The stored form of the key in a header."""
    return hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()


def account_of(connection: Connection, authorization: str) -> str:
    """Who asks."""
    query = select(api_keys.c.account_id).where(api_keys.c.hash == hash_of(authorization))
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise HTTPException(401)
    return found


@app.get("/read/{id}")
def read(id: str, authorization: Key) -> Any:
    """A key and a row."""
    with engine.connect() as connection:
        account_of(connection, authorization)
        row = connection.execute(select(jobs).where(jobs.c.id == id)).mappings().one()
    return {"result": {"jobId": row["id"], "status": row["status"], "createdAt": row["created_at"]}}


@app.get("/page/{id}")
def page(id: str, authorization: Key) -> Any:
    """A key and twenty rows."""
    with engine.connect() as connection:
        account_of(connection, authorization)
        query = select(images).where(images.c.model_id == id)
        rows = connection.execute(query.order_by(images.c.id.desc()).limit(20)).mappings().all()
    return {"result": [dict(row) for row in rows]}


@app.get("/sqlite3/{id}")
def read_by_hand(id: str, authorization: Key) -> Any:
    """A key and a row, without SQLAlchemy."""
    if not hasattr(here, "connection"):
        here.connection = sqlite3.connect(FILE)
        here.connection.row_factory = sqlite3.Row
    known = "SELECT account_id FROM api_keys WHERE hash = ?"
    if here.connection.execute(known, (hash_of(authorization),)).fetchone() is None:
        raise HTTPException(401)
    row = here.connection.execute("SELECT * FROM jobs WHERE id = ?", (id,)).fetchone()
    return {"result": {"jobId": row["id"], "status": row["status"], "createdAt": row["created_at"]}}


@app.get("/nothing")
async def nothing() -> Any:
    """No database."""
    return {"message": "pong!"}


@app.post("/write")
def write(body: dict[str, Any], authorization: Key) -> Any:
    """A key, and a row that stays through a power cut."""
    job_id = new_id()
    with engine.begin() as connection:
        account = account_of(connection, authorization)
        values = {"kind": "bare", "model_id": "none", "priority": 0, "status": "success"}
        values |= {"payload": body, "attempt": 0, "created_at": 0.0, "updated_at": 0.0}
        connection.execute(jobs.insert().values(id=job_id, account_id=account, **values))
    return {"result": {"jobId": job_id, "status": "queued"}}


@app.post("/upload")
def upload(file: Annotated[UploadFile, File()]) -> Any:
    """A photo, decoded and encoded as the store keeps it."""
    photo = read_photo(file.file, 80_000_000)
    with tempfile.NamedTemporaryFile(dir=DATA, suffix=".jpg") as encoded:
        save_photo(photo, encoded)
    return {"width": photo.width}


if __name__ == "__main__":
    uvicorn.run(app, port=PORT, log_config=None, access_log=False, timeout_keep_alive=75)
