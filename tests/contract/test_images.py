"""Images: upload, list, get, delete."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image
from tests.contract.calls import (
    TIME,
    UUID7,
    assert_refused,
    images,
    new_model,
    photo_files,
    result,
    upload,
    with_photos,
)
from tests.support.photos import small
from tests.support.server import Server


@pytest.mark.parametrize("image_type", ["modelInput", "auxiliaryType"])
def test_uploaded_image_has_every_key(http: httpx.Client, image_type: str) -> None:
    model_id = new_model(http)

    record = result(upload(http, model_id, small(size=(120, 90)), image_type))

    assert result(http.get(f"/images/{record['id']}")) == record
    assert images(http, model_id) == [record]
    assert re.fullmatch(UUID7, record["id"])
    assert record.pop("url").startswith(f"{str(http.base_url).removesuffix('/api/')}/files/")
    assert re.fullmatch(TIME, record.pop("createdAt"))
    assert re.fullmatch(TIME, record.pop("updatedAt"))
    assert record == {
        "id": record["id"],
        "modelID": model_id,
        "type": image_type,
        "data": {"width": 120, "height": 90},
        "folderID": "",
        "liked": False,
        "publicMediaID": "",
        "upscaledImageID": "",
        "upscaledImageURL": "",
    }


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_format_is_known_by_its_bytes(http: httpx.Client, form: str) -> None:
    record = result(upload(http, new_model(http), small(form, (64, 48)), name="photo.xyz"))

    stored = Image.open(io.BytesIO(httpx.get(record["url"]).content))
    assert (stored.format, stored.size, stored.mode) == ("JPEG", (64, 48), "RGB")


def test_pages_are_newest_first(http: httpx.Client) -> None:
    model_id = with_photos(http, 5)
    everything = [image["id"] for image in images(http, model_id)]
    assert everything == sorted(everything, reverse=True)

    answer = http.get(f"/models/{model_id}/images", params={"pageNum": 2, "pageSize": 2}).json()

    assert [image["id"] for image in answer.pop("result")] == everything[2:4]
    assert answer == {"page": 2, "pageSize": 2, "status": "OK"}
    assert images(http, model_id, pageNum=3, pageSize=2)[0]["id"] == everything[4]
    assert images(http, model_id, pageNum=4, pageSize=2) == []


def test_page_is_the_first_twenty_unless_asked(http: httpx.Client) -> None:
    answer = http.get(f"/models/{new_model(http)}/images").json()

    assert answer == {"page": 1, "pageSize": 20, "result": [], "status": "OK"}


@pytest.mark.usefixtures("generation")
def test_filters(http: httpx.Client, trained: str) -> None:
    result(upload(http, trained, image_type="auxiliaryType"))

    def types(image_type: str) -> set[str]:
        shown = images(http, trained, imageType=image_type, pageSize=100)
        return {image["type"] for image in shown}

    assert types("all") == {"modelInput", "auxiliaryType", "modelOutput"}
    assert types("input") == {"modelInput"}
    assert types("output") == {"modelOutput"}
    assert types("auxiliaryType") == {"auxiliaryType"}


@pytest.mark.parametrize(
    "query",
    [
        {"imageType": "modelInput"},
        {"imageType": ""},
        {"pageNum": "0"},
        {"pageNum": "-1"},
        {"pageNum": "first"},
        {"pageNum": "9" * 30},
        {"pageSize": "0"},
        {"pageSize": "101"},
        {"pageSize": "1.5"},
    ],
)
def test_bad_queries(http: httpx.Client, query: dict[str, str]) -> None:
    answer = http.get(f"/models/{new_model(http)}/images", params=query)

    assert_refused(answer, 400, next(iter(query)))


def test_deleted_image_is_gone(http: httpx.Client) -> None:
    model_id = with_photos(http, 2)
    kept, gone = images(http, model_id)

    assert isinstance(result(http.delete(f"/images/{gone['id']}")), str)

    assert images(http, model_id) == [kept]
    assert_refused(http.get(f"/images/{gone['id']}"), 404, "no image with this id")
    assert_refused(http.delete(f"/images/{gone['id']}"), 404, "no image with this id")
    assert httpx.get(gone["url"]).status_code == 404
    assert httpx.get(kept["url"]).status_code == 200


def test_twenty_of_each_type_and_no_more(http: httpx.Client) -> None:
    model_id = with_photos(http, 20)

    assert_refused(upload(http, model_id), 400, "20 images of this type")
    assert len(images(http, model_id, pageSize=100)) == 20

    result(upload(http, model_id, image_type="auxiliaryType"))
    result(http.delete(f"/images/{images(http, model_id, imageType='input')[0]['id']}"))
    result(upload(http, model_id))


def test_uploads_at_once_do_not_pass_the_limit(server: Server, http: httpx.Client) -> None:
    model_id = with_photos(http, 17)
    before = photo_files(server)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: upload(http, model_id), range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [400] * 3
    assert len(images(http, model_id)) == 20
    assert len(photo_files(server) - before) == 3
