"""Files behind signed URLs."""

import io
import re

import httpx
import pytest
from PIL import Image
from tests.contract.calls import assert_refused, images, new_model, result, upload, with_photos
from tests.support.server import VERSION, Server


@pytest.fixture
def image(http: httpx.Client) -> dict[str, str]:
    """A photo of a model of its own."""
    return result(upload(http, new_model(http)))


def test_url_is_absolute_and_signed(server: Server, image: dict[str, str]) -> None:
    pattern = rf"{re.escape(server.root)}/files/{image['id']}\.jpg\?sig=[0-9a-f]{{32}}"

    assert re.fullmatch(pattern, image["url"])


def test_url_names_the_host_that_was_asked(server: Server, image: dict[str, str]) -> None:
    other = httpx.get(
        f"{server.api}/images/{image['id']}",
        headers={"Authorization": f"Bearer {server.key}", "Host": "pictures.test:81", **VERSION},
    )

    expected = image["url"].replace(server.root, "http://pictures.test:81")
    assert result(other)["url"] == expected


def test_file_opens_without_a_key(image: dict[str, str]) -> None:
    answer = httpx.get(image["url"])

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["accept-ranges"] == "bytes"
    assert Image.open(io.BytesIO(answer.content)).size == (96, 96)


def test_url_is_the_same_at_every_poll(http: httpx.Client, image: dict[str, str]) -> None:
    again = [
        result(http.get(f"/images/{image['id']}"))["url"],
        result(http.get(f"/images/{image['id']}"))["url"],
        images(http, image["modelID"])[0]["url"],
    ]

    assert again == [image["url"]] * 3


def test_url_of_a_picture_is_the_same_at_every_poll(http: httpx.Client, generation: dict) -> None:
    again = result(http.get(f"/jobs/{generation['jobId']}"))

    assert again["images"] == generation["images"]


def test_head(image: dict[str, str]) -> None:
    whole, head = httpx.get(image["url"]), httpx.head(image["url"])

    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "x-content-type-options", "etag"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [("bytes=0-9", slice(0, 10)), ("bytes=100-", slice(100, None)), ("bytes=-7", slice(-7, None))],
)
def test_range(image: dict[str, str], wanted: str, part: slice) -> None:
    whole = httpx.get(image["url"]).content

    answer = httpx.get(image["url"], headers={"Range": wanted})

    assert answer.status_code == 206
    assert answer.content == whole[part]
    start, stop, _ = part.indices(len(whole))
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
    assert answer.headers["content-type"] == "image/jpeg"


def test_range_beyond_the_end(image: dict[str, str]) -> None:
    answer = httpx.get(image["url"], headers={"Range": "bytes=99999999-"})

    assert answer.status_code == 416
    size = httpx.head(image["url"]).headers["content-length"]
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"\?.*", ""),
        (r"sig=.*", "sig="),
        (r"sig=.*", "sig=" + "0" * 32),
        (r"sig=.*", "sig=%FF%00"),
        (r"$", "0"),
        (r"$", "&exp=99999999999"),
        (r"$", "&exp=never"),
        (r"\.jpg", ".png"),
        (r"\.jpg", ""),
        (r"/files/", "/files/../files/x"),
        (r"files/[^?]*", "files/..%2F..%2Flikeness.db"),
        (r"files/[^?]*", "files/%00.jpg"),
        (r"files/[^?]*", "files/" + "a" * 5000 + ".jpg"),
    ],
)
def test_changed_url_does_not_open(image: dict[str, str], old: str, new: str) -> None:
    changed = re.sub(old, new, image["url"], count=1)
    assert changed != image["url"]

    assert_refused(httpx.get(changed), 404)


def test_signature_is_for_one_file(http: httpx.Client) -> None:
    model_id = with_photos(http, 2)
    one, two = images(http, model_id)

    assert_refused(httpx.get(one["url"].replace(one["id"], two["id"])), 404, "no file")


def test_key_does_not_replace_the_signature(http: httpx.Client, image: dict[str, str]) -> None:
    assert_refused(http.get(image["url"].partition("?")[0]), 404, "no file")


def test_url_is_dead_when_the_image_is(http: httpx.Client, image: dict[str, str]) -> None:
    assert httpx.get(image["url"]).status_code == 200

    result(http.delete(f"/images/{image['id']}"))

    assert_refused(httpx.get(image["url"]), 404, "no file")
    assert httpx.head(image["url"]).status_code == 404
