"""Uploads as clients put them on the wire: every shape of the form that means the same."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
from tests.contract.calls import assert_refused, images, new_model, photo_files, result
from tests.support.photos import small
from tests.support.server import Server

PHOTO = small()
Part = tuple[str, bytes]


@pytest.fixture
def model_id(http: httpx.Client) -> str:
    """A model of its own for each test."""
    return new_model(http)


def data(model_id: str) -> bytes:
    """The usual `data` part."""
    return json.dumps({"modelID": model_id, "type": "modelInput"}).encode()


def form(*parts: Part) -> bytes:
    """A form with the boundary `edge`, from the headers and the content of each part."""
    blocks = [
        f"--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    ]
    return b"".join(blocks) + b"--edge--\r\n"


def post(http: httpx.Client, content: bytes, kind: str = "multipart/form-data; boundary=edge"):
    """Send a body to the upload endpoint."""
    return http.post("/images/upload", content=content, headers={"Content-Type": kind})


FILE = ('name="file"; filename="a.jpg"', PHOTO)


@pytest.mark.parametrize(
    ("file", "about"),
    [
        ('name="file"; filename="a.jpg"', 'name="data"'),
        ('name="file"; filename="a.jpg"', 'name="data"\r\nContent-Type: application/json'),
        ('name="file"; filename="a.jpg"', 'name="data"; filename="data.json"'),
        ('name="file"; filename="a"\r\nContent-Type: application/octet-stream', 'name="data"'),
        ('name="file"; filename="a.txt"\r\nContent-Type: text/plain', 'name="data"'),
        ('name="file"; filename="blob"\r\nContent-Type: image/png', 'name="data"'),
        ('name="file"; filename=""', 'name="data"'),
        ('name="file"; filename="../../\u4eba.jpg"', 'name="data"'),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_forms_that_are_understood(
    http: httpx.Client, model_id: str, file: str, about: str, swapped: bool
) -> None:
    parts = [(file, PHOTO), (about, data(model_id))]

    record = result(post(http, form(*(parts[::-1] if swapped else parts))))

    assert (record["modelID"], record["type"]) == (model_id, "modelInput")


def test_other_parts_are_ignored(http: httpx.Client, model_id: str) -> None:
    parts = [FILE, ('name="more"', b"x"), ('name="data"', data(model_id))]

    assert result(post(http, form(*parts)))["modelID"] == model_id


def test_unknown_keys_of_data_are_ignored(http: httpx.Client, model_id: str) -> None:
    more = json.dumps({"modelID": model_id, "type": "auxiliaryType", "folderID": 5}).encode()

    assert result(post(http, form(FILE, ('name="data"', more))))["type"] == "auxiliaryType"


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 10_000,
        b"9" * 10_000,
        b'{"modelID": NaN, "type": "modelInput"}',
        b'{"modelID": 7, "type": "modelInput"}',
        b'{"modelID": "\\ud800", "type": "modelInput"}',
        b'{"modelID": "\\u0000", "type": "modelInput"}',
        b'{"modelID": "' + b"x" * 5000 + b'", "type": "modelInput"}',
        b'{"type": "modelInput"}',
        b'{"modelID": "MODEL"}',
        b'{"modelID": "MODEL", "type": "modelOutput"}',
        b'{"modelID": "MODEL", "type": "modelinput"}',
        b'{"modelID": "MODEL", "type": null}',
        b"x" * 70_000,
    ],
)
def test_bad_data(server: Server, http: httpx.Client, model_id: str, about: bytes) -> None:
    before = photo_files(server)
    about = about.replace(b"MODEL", model_id.encode())

    assert_refused(post(http, form(FILE, ('name="data"', about))), 400)

    assert images(http, model_id) == []
    assert photo_files(server) == before


@pytest.mark.parametrize("encoding", ["idna", "punycode", "unicode_escape", "utf-7", "rot13"])
@pytest.mark.parametrize("about", [b"\\ud800", b"+2AA-", b"\xff"])
def test_odd_encodings(http: httpx.Client, encoding: str, about: bytes) -> None:
    kind = f"multipart/form-data; boundary=edge; charset={encoding}"

    assert_refused(post(http, form(FILE, ('name="data"', about)), kind), 400)


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("application/json", b"{}", "multipart/form-data"),
        ("application/x-www-form-urlencoded", b"file=x&data={}", "multipart/form-data"),
        ("image/jpeg", PHOTO, "multipart/form-data"),
        ("multipart/form-data", b"x", "boundary"),
        ("multipart/form-data; boundary=edge", b"", "`file` is missing"),
        ("multipart/form-data; boundary=edge", b"garbage", "form cannot be read"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--", "form cannot be read"),
        ("multipart/form-data; boundary=edge", form(FILE), "`data` is missing"),
        (
            "multipart/form-data; boundary=edge",
            form(('name="data"', b"{}")),
            "`file` is missing",
        ),
        (
            "multipart/form-data; boundary=edge",
            form(('name="file"', b"not a file"), ('name="data"', b"{}")),
            "as a file",
        ),
        ("multipart/form-data; boundary=edge", form(FILE)[:-200], "missing"),
        ("multipart/form-data; boundary=edge", form(FILE, FILE, FILE), "too many files"),
    ],
)
def test_bad_forms(http: httpx.Client, kind: str, content: bytes, words: str) -> None:
    assert_refused(post(http, content, kind), 400, words)


def large(megabytes: int) -> Iterator[bytes]:
    """A form whose file is that large, in pieces."""
    yield b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    for _ in range(megabytes * 16):
        yield bytes(65536)
    yield b"\r\n--edge--\r\n"


@pytest.mark.parametrize("how", ["whole", "chunked", "chunked without a key"])
def test_client_reads_the_answer_to_a_large_upload(server: Server, how: str) -> None:
    before = photo_files(server)
    key = "none" if "without" in how else server.key
    headers = {
        "Authorization": f"Bearer {key}",
        "API-Version": "1",
        "Content-Type": "multipart/form-data; boundary=edge",
    }
    body: Any = b"".join(large(21)) if how == "whole" else large(21)

    answer = requests.post(f"{server.api}/images/upload", headers=headers, data=body, timeout=60)

    error = answer.json()
    assert (answer.status_code, error["status"]) == (401 if "without" in how else 413, "NOK")
    assert "without" in how or "larger than 20,971,520 bytes" in error["message"]
    assert photo_files(server) == before


def test_upload_just_below_the_limit_is_read(server: Server, http: httpx.Client, model_id: str):
    padding = bytes(20 * 1024 * 1024 - 2000 - len(PHOTO))  # a JPEG may be followed by anything
    content = form((FILE[0], PHOTO + padding), ('name="data"', data(model_id)))
    assert 20 * 1024 * 1024 - 2000 < len(content) < 20 * 1024 * 1024

    assert result(post(http, content))["data"] == {"width": 96, "height": 96}
