"""How long jobs take here: a real server and its worker, on PostgreSQL and S3."""

import os
import statistics
from pathlib import Path

from benchmarks.postgres import set_durable
from benchmarks.workers import Times
from sqlalchemy import select
from tests.support.postgres import postgres_database
from tests.support.s3 import s3_server
from tests.support.server import Server

from likeness.accounts.service import authenticate
from likeness.client import Client
from likeness.jobs.table import jobs
from likeness.models import service as models
from likeness.models.blob_keys import adapter_key
from likeness.models.table import adapters
from likeness.store.ids import new_id, new_token
from likeness.store.postgresql import PostgreSQL
from likeness.store.s3_blobs import S3Blobs

PHOTOS = Path(__file__).parents[1] / "examples" / "people" / "asha" / "train"
PEOPLE = 5
TOGETHER = 4
PATIENCE = 7200.0


def measure_times(base: str, folder: Path, claim: float) -> Times:
    """Of one training, and of pictures in the usual size of people whose adapter is at hand and of
    others, one and `TOGETHER` at once; what a claim takes is given.

    The people are one and the same, as far as anybody but the worker knows.
    """
    bucket = s3_server().new_folder()
    with postgres_database() as url:
        where = {"database_url": url, "blob_url": bucket, "secret": "s", "lease": 300}
        database, blobs = PostgreSQL(url), S3Blobs(bucket)
        set_durable(database)

        def seconds_of(job_id: str) -> float:
            with database.read() as transaction:
                row = transaction.one(select(jobs).where(jobs.c.id == job_id))
            assert row is not None and row["status"] == "success", row and row["error"]
            return row["finished_at"] - row["started_at"]

        def others(key: str) -> list[str]:
            with database.write(alone=True) as transaction:
                account = authenticate(transaction, key)
                trained = transaction.one(select(adapters))
                assert account is not None and trained is not None
                file = blobs.fetch(trained["blob_key"], folder)
                made: list[str] = []
                for _ in range(PEOPLE):
                    model = models.create_model(transaction, account, {"name": "Asha"})
                    job_id = new_id()
                    copy = adapter_key(model["id"], job_id, new_token())
                    blobs.put(copy, file)
                    told = ("base", "trigger", "description", "recipe")
                    values = {name: trained[name] for name in told}
                    values |= {"job_id": job_id, "blob_key": copy}
                    models.add_adapter(transaction, model, values)
                    made.append(model["id"])
            return made

        def pictures(client: Client, model_id: str, count: int = 1) -> float:
            job_id = client.generate(model_id, "at the beach", seed=1, numImages=count)
            client.wait_for_job(job_id, timeout=PATIENCE)
            return seconds_of(job_id)

        with (
            Server(folder / "data", base, threads=os.cpu_count(), **where) as server,
            server.client() as client,
        ):
            first = client.create_model(name="Asha", age=30, gender="Female").id
            for photo in sorted(PHOTOS.iterdir()):
                client.upload(first, photo)
            client.train(first)
            training = client.model(first).trainingJobId
            client.wait_for_job(training, timeout=PATIENCE)
            people = others(server.key)
            pictures(client, first)  # warms up
            new = statistics.median(pictures(client, one) for one in people)
            one = statistics.median(pictures(client, one) for one in people)
            some = statistics.median(pictures(client, one, TOGETHER) for one in people)
            times = Times(
                generation=one,
                more=max(0.0, some - one) / (TOGETHER - 1),
                adapter=max(0.0, new - one),
                training=seconds_of(training),
                claim=claim,
            )
        database.close()
    return times
