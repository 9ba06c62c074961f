"""Database, blob store, disk and clock."""

import shutil
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from obstore.exceptions import BaseError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from likeness.cli.doctor.finding import Finding, Findings, doubtful, fine, said, wrong
from likeness.cli.opening import PATIENCE
from likeness.settings import Settings
from likeness.store.blobs import BlobStore, BlobsUnreachable, words_of
from likeness.store.database import Database, DatabaseUnreachable
from likeness.store.folder import BLOBS, DATABASE, blobs_of, database_of
from likeness.store.ids import new_id
from likeness.store.local_blobs import LocalBlobs
from likeness.store.migration import HEAD, NewerData, OlderData, check_revision
from likeness.store.sqlite import SQLite

SLOW = 0.05
"""Seconds for one row from which a database is too far away: every request reads several."""

FULL, NEARLY_FULL = 10**9, 10**10
"""Bytes of free space: a training writes tens of megabytes with mini and gigabytes with large
bases."""

OFF, FAR_OFF = 5.0, 300.0
"""Seconds between two clocks. S3 refuses requests from 15 minutes on, and short links end early
well before."""


def look_at_database(settings: Settings) -> Findings:
    """Is it there, is its schema this program's, is it whole, is it near?"""
    database = database_of(settings)
    if database is None:
        path = _file_of(settings)
        if not path.exists():
            yield fine(f"SQLite; there is no {path} yet, the first start makes it")
            return
        database = SQLite(path)
    try:
        yield from _look(database, settings)
    finally:
        database.close()


def look_at_blobs(settings: Settings) -> Findings:
    """Can a blob be put, read, linked to and removed?"""
    folder = settings.data / BLOBS
    if settings.blob_url is None and not folder.exists():
        yield fine(f"files; there is no {folder} yet, the first start makes it")
        return
    where = settings.blob_url or str(folder)
    key = f"doctor/{new_id()}"
    try:
        blobs = blobs_of(settings, PATIENCE) or LocalBlobs(folder)
        blobs.put(key, key.encode())
        try:
            if blobs.read(key) != key.encode():
                yield wrong(
                    f"{where} gives back other bytes than were put there", "Use another store."
                )
                return
            yield fine(f"{where}: a blob can be put, read and removed")
            yield from _look_at_link(blobs, key)
        finally:
            blobs.delete([key])
    except BlobsUnreachable as error:
        yield said(error)
    except (OSError, BaseError) as error:
        yield wrong(
            f"{where}: {words_of(error)}", "Let this user write there, or set LIKENESS_DATA."
        )


def look_at_disk(settings: Settings) -> Findings:
    """Is there room for what is kept or under way?"""
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB are free in {folder}"
    advice = "Make room, or set LIKENESS_DATA to a folder on a larger disk."
    if free < FULL:
        yield wrong(found, advice)
    elif free < NEARLY_FULL:
        yield doubtful(found, advice)
    else:
        yield fine(found)


def look_at_clock(settings: Settings) -> Findings:
    """Does this machine's clock say what the database's and the blob store's do?"""
    asked = False
    if database := database_of(settings):
        asked = True
        try:
            with database.read() as transaction:
                before = time.time()
                theirs = transaction.now
                after = time.time()
            yield from _compare("the database's", theirs - (before + after) / 2)
        except DatabaseUnreachable:
            pass  # told where the database is looked at
        finally:
            database.close()
    if store := blobs_of(settings, PATIENCE):
        asked = True
        try:
            if (address := store.link("doctor/none", "HEAD")) is not None:
                yield from _compare("the blob store's", _ahead(address))
        except (BlobsUnreachable, httpx.HTTPError, KeyError, ValueError):
            pass  # told where the blob store is looked at
    if not asked:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        yield fine(f"{now} UTC; on one machine there is no other to differ from")


def _file_of(settings: Settings) -> Path:
    return settings.data / DATABASE


def _look(database: Database, settings: Settings) -> Findings:
    own = settings.database_url is None
    name = f"SQLite, {_file_of(settings)}" if own else "PostgreSQL"
    try:
        check_revision(database)
        with database.read() as transaction:
            if own and (fault := transaction.scalar(text("PRAGMA quick_check"))) != "ok":
                yield _damaged(name, str(fault))
                return
            started = time.perf_counter()
            transaction.scalar(text("SELECT 1"))
            took = time.perf_counter() - started
    except OlderData as error:
        if own:
            yield fine(f"{name}, of an older Likeness: the next start brings it up to date")
        else:
            yield said(error)
        return
    except (NewerData, DatabaseUnreachable) as error:
        yield said(error)
        return
    except DBAPIError as error:
        yield _damaged(name, str(error.orig))
        return
    found = f"{name}, revision {HEAD}, answers in {1000 * took:.1f} ms"
    if took > SLOW:
        yield doubtful(
            found, "Run the servers near the database: each request asks it a few times."
        )
    else:
        yield fine(found)


def _damaged(name: str, fault: str) -> Finding:
    return wrong(f"{name} is damaged: {fault}", "Put a backup in its place.")


def _look_at_link(blobs: BlobStore, key: str) -> Findings:
    address = blobs.link(key, "GET")
    if address is None:
        return
    host = httpx.URL(address).host
    advice = "Set LIKENESS_BLOB_PUBLIC_URL to the address at which clients reach the S3 server."
    try:
        answer = httpx.get(address, timeout=PATIENCE)
    except httpx.HTTPError as error:
        yield doubtful(f"links to {host} do not open from here: {error}", advice)
        return
    if answer.status_code == httpx.codes.OK and answer.content == key.encode():
        yield fine(f"links to {host} open")
    else:
        yield wrong(f"links to {host} are answered {answer.status_code}", advice)


def _ahead(address: str) -> float:
    """By how many seconds the clock of whoever answers there is ahead."""
    before = time.time()
    answer = httpx.head(address, timeout=PATIENCE)
    # Dates of HTTP are cut to whole seconds.
    theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp() + 0.5
    return theirs - (before + time.time()) / 2


def _compare(whose: str, ahead: float) -> Findings:
    word = "behind" if ahead > 0 else "ahead of"
    found = f"this machine's clock is {abs(ahead):.1f} s {word} {whose}"
    advice = "Let both machines take their time from the network (NTP)."
    if abs(ahead) > FAR_OFF:
        yield wrong(found, advice)
    elif abs(ahead) > OFF:
        yield doubtful(found, advice)
    else:
        yield fine(found)
