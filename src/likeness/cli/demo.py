"""`likeness demo`: the main job once, through the API, as any client would do it."""

import io
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
from PIL import Image

from likeness.cli.progress import ProgressLine
from likeness.client import ApiError, Client, JobFailed
from likeness.media.sheet import Section, draw_sheet

FORMATS = {".jpg", ".jpeg", ".png", ".webp", ".heic"}
MOST = 16
"""Photos that the demo trains on; the API takes 12 to 20."""

PROMPTS = (
    "smiling, wearing a red t-shirt, at the beach, bright sunlight",
    "with a neutral expression, wearing a blue sweater, in a park, overcast daylight",
    "smiling, wearing a white shirt, in an office, soft studio light",
    "wearing a green t-shirt, in front of a brick wall, overcast daylight",
    "wearing a black turtleneck, in front of a plain gray background, soft studio light",
    "smiling, wearing a yellow t-shirt, in snowy mountains, bright sunlight",
    "wearing a purple sweater, in a library, warm indoor light",
    "wearing an orange t-shirt, in an autumn forest, golden hour light",
)


def run_demo(photos: Path, data: Path) -> None:
    """Photos in, a likeness learned, eight pictures out; ends with a contact sheet."""
    started = time.monotonic()
    paths = sorted(path for path in photos.iterdir() if path.suffix.lower() in FORMATS)[:MOST]
    if len(paths) < 12:
        raise click.ClickException(
            f"{photos} holds {len(paths)} photos (jpg, jpeg, png, webp or heic); 12 are needed."
        )
    data.mkdir(parents=True, exist_ok=True)
    log = data / "server.log"
    try:
        with _server(data, log) as client:
            sheet = _main_job(client, _person(photos), paths)
    except (ApiError, JobFailed, httpx.HTTPError) as error:
        raise click.ClickException(f"{error} The server's log is {log}.") from None
    path = data / "contact-sheet.jpg"
    sheet.save(path, quality=92)
    program = Path(sys.argv[0])
    click.echo(
        f"\nAll in {time.monotonic() - started:.0f} s. The contact sheet:\n  {path.absolute()}"
    )
    click.echo("Open that server again, with the model that was just trained:")
    click.echo(f"  {shlex.quote(str(program))} serve --data {shlex.quote(str(data))}")


def _main_job(client: Client, person: dict[str, Any], paths: list[Path]) -> Image.Image:
    model = client.create_model(**person)
    line = ProgressLine("upload")
    for path in paths:
        client.upload(model.id, path)
    line.done(f"{len(paths)} photos")

    client.train(model.id)
    line = ProgressLine("train")
    client.wait_for_job(client.model(model.id).trainingJobId, on_change=line)
    line.done("the likeness is learned")

    line = ProgressLine("generate")
    jobs = [client.generate(model.id, prompt, width=512, height=512, seed=7) for prompt in PROMPTS]
    pictures: list[tuple[Image.Image, str]] = []
    for prompt, job_id in zip(PROMPTS, jobs, strict=True):
        image = client.wait_for_job(job_id, on_change=line).images[0]
        pictures.append((_open(client.download(image)), prompt))
    line.done(f"{len(pictures)} pictures")

    inputs = [client.image(image.id) for image in reversed(client.model_images(model.id, "input"))]
    name = person.get("name") or "a person"
    return draw_sheet(
        f"{name}: {len(paths)} photos in, {len(pictures)} pictures out",
        [
            Section("photos in", [(_open(client.download(image)), "") for image in inputs], 8),
            Section("pictures out, with their prompts", pictures, 4),
        ],
    )


def _person(photos: Path) -> dict[str, Any]:
    """What is known of the person: a `person.json` in the folder or beside it, or nothing."""
    for path in (photos / "person.json", photos.parent / "person.json"):
        if path.is_file():
            return json.loads(path.read_text())
    return {"name": photos.resolve().name}


def _open(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


@contextmanager
def _server(data: Path, log: Path) -> Generator[Client]:
    program = [sys.executable, "-m", "likeness.cli"]
    key = subprocess.run(
        [*program, "keys", "create", "demo", "--data", str(data)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    port = _free_port()
    with log.open("w") as output:
        server = subprocess.Popen(
            [*program, "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)],
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        with Client(f"http://127.0.0.1:{port}/api", key) as client:
            _wait_for(client, server, log)
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _wait_for(client: Client, server: subprocess.Popen[bytes], log: Path) -> None:
    started = time.monotonic()
    while server.poll() is None and time.monotonic() - started < 60:
        try:
            client.ping()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            click.echo(f"server: ready ({time.monotonic() - started:.1f} s)")
            return
    raise click.ClickException(f"The server did not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
