"""Two servers, each with a data folder of its own, over one PostgreSQL and one S3."""

import os
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.watching import model_with_photos, train, wait_until
from tests.support.postgres import postgres_database
from tests.support.s3 import s3_server
from tests.support.server import PROGRAM, Server

from likeness.store.s3_blobs import S3Blobs


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end."""
    options = {f"LIKENESS_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, **options}
    command = [*PROGRAM, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_from_photos_to_a_picture_on_two_servers(tmp_path: Path, tiny_folder: Path) -> None:
    bucket = s3_server().new_folder()
    blobs = S3Blobs(bucket)
    with postgres_database(migrated=False) as url:
        migrated = run("migrate", "--data", str(tmp_path / "here"), database_url=url)
        assert (migrated.returncode, migrated.stderr) == (0, "")
        where: dict[str, Any] = {"database_url": url, "blob_url": bucket, "secret": "shared"}
        where["sweep"] = 1
        here = Server(tmp_path / "here", tiny_folder, **where)
        there = Server(tmp_path / "there", tiny_folder, **where)
        with here, there, here.client() as client, there.client() as other:
            model_id = model_with_photos(client, tmp_path, name="Wilhelmina")
            other.wait_for_job(train(other, model_id), timeout=600)
            assert client.model(model_id).status == "ready"
            size = {"width": 64, "height": 64, "numImages": 2}
            jobs = [client.generate(model_id, "at the beach", **size) for _ in range(4)]
            made = [image for job in jobs for image in other.wait_for_job(job, timeout=600).images]
            assert len({image.id for image in made}) == 8
            assert client.download(made[0]).startswith(b"\xff\xd8")
            check_file(made[0].url)
            enlarged = client.wait_for_job(client.upscale(made[0].id), timeout=600).images[0]
            upscaled = other.image(made[0].id)
            assert upscaled.upscaledImageID == enlarged.id

            # Signed by one, opened by the other.
            url_there = made[0].url.replace(there.root, here.root)
            assert url_there != made[0].url
            assert httpx.get(url_there, follow_redirects=True).content == client.download(made[0])

            assert any(path.is_file() for path in copies(here, there)), "adapters stay at hand"
            client.delete_model(model_id)
            assert httpx.get(made[0].url).status_code == 404
            wait_until(lambda: not [*blobs.list()][0:1], 15, "its blobs are gone")
            wait_until(
                lambda: not any(path.is_file() for path in copies(here, there)),
                15,
                "so are the copies of both machines",
            )
            assert not (tmp_path / "here" / "blobs").exists()
            assert not list((tmp_path / "there").glob("likeness.db*"))


def copies(*servers: Server) -> list[Path]:
    """What servers keep of the blob store."""
    return [path for one in servers for path in (one.data / "scratch" / "copies").rglob("*")]


def check_file(url: str) -> None:
    """A file's URL leads to S3, for a short time, in all ways that a client may read it."""
    answer = httpx.get(url)
    assert (answer.status_code, answer.headers["cache-control"]) == (302, "no-store")
    assert "X-Amz-Expires=600" in answer.headers["location"]
    whole = httpx.get(url, follow_redirects=True)
    assert whole.headers["content-type"] == "image/jpeg"
    head = httpx.head(url, follow_redirects=True)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(whole.content)
    part = httpx.get(url, follow_redirects=True, headers={"Range": "bytes=0-9"})
    assert part.content[:10] == whole.content[:10]
    assert httpx.get(url.replace("sig=", "sig=0")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"secret": ""}, "LIKENESS_SECRET: must be set"),
        ({"database_url": "postgresql://x:hidden@127.0.0.1:9/x"}, "cannot be reached"),
        ({}, "likeness migrate"),
    ],
)
def test_what_is_missing_is_told_at_the_start(
    tmp_path: Path, tiny_folder: Path, wrong: dict[str, str], sentence: str
) -> None:
    with postgres_database(migrated=False) as url:
        where = {"database_url": url, "secret": "s", "base": str(tiny_folder), **wrong}
        where = {name: value for name, value in where.items() if value}
        refused = run("serve", "--port", "0", "--data", str(tmp_path / "data"), **where)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hidden" not in refused.stderr


def test_a_bucket_out_of_reach_is_told_at_the_start(tmp_path: Path, tiny_folder: Path) -> None:
    s3_server()
    where = {"blob_url": "s3://no-such-bucket", "base": str(tiny_folder)}
    refused = run("serve", "--port", "0", "--data", str(tmp_path / "data"), **where)
    assert refused.returncode == 1
    assert "s3://no-such-bucket" in refused.stderr
    assert "Traceback" not in refused.stderr
