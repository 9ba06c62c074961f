"""The API's description of itself, and the page that shows it."""

import re
from typing import Any

import httpx
import pytest
from tests.contract.calls import assert_refused
from tests.support.server import Server

OPERATIONS = {
    ("get", "/api/ping"): "ping",
    ("post", "/api/models"): "createOrUpdateModel",
    ("get", "/api/models"): "listModels",
    ("get", "/api/models/{modelID}"): "getModel",
    ("delete", "/api/models/{modelID}"): "deleteModel",
    ("get", "/api/models/{modelID}/train"): "triggerModelTraining",
    ("get", "/api/models/{modelID}/images"): "listModelImages",
    ("post", "/api/images/upload"): "uploadImage",
    ("get", "/api/images/{imageID}"): "getImage",
    ("delete", "/api/images/{imageID}"): "deleteImage",
    ("post", "/api/images/generation"): "triggerImageGenerationJob",
    ("post", "/api/images/upscaling"): "triggerImageUpscalingJob",
    ("post", "/api/videos/generation"): "triggerVideoGenerationJob",
    ("get", "/api/videos"): "listVideos",
    ("get", "/api/videos/{videoID}"): "getVideo",
    ("delete", "/api/videos/{videoID}"): "deleteVideo",
    ("get", "/api/videos/{videoID}/create-download"): "createVideoDownload",
    ("get", "/api/videos/{videoID}/download"): "getVideoDownload",
    ("get", "/api/jobs/{id}"): "getJobStatus",
    ("get", "/api/jobs/{id}/events"): "streamJob",
    ("post", "/api/jobs/{id}/cancel"): "cancelJob",
    ("get", "/api/jobs"): "listJobs",
    ("get", "/api/presets"): "listPresets",
}


@pytest.fixture(scope="module")
def description(server: Server) -> dict[str, Any]:
    """The description, read without a key."""
    return httpx.get(f"{server.api}/openapi.json").json()


def test_operations_are_those_of_the_contract(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    found = {
        (method, path): operation["operationId"]
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    assert found == OPERATIONS


def test_every_operation_says_what_it_needs_and_answers(description: dict[str, Any]) -> None:
    assert description["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for methods in description["paths"].values():
        for method, operation in methods.items():
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert "API-Version" in names
            starts = method == "post" or operation["operationId"] == "triggerModelTraining"
            assert ("Idempotency-Key" in names) == starts
            assert ("429" in operation["responses"]) == (starts or method == "delete")
            assert {"200", "400", "401", "500"} <= set(operation["responses"])
            assert "422" not in operation["responses"]
            assert operation["summary"]


def test_references_lead_somewhere(description: dict[str, Any], server: Server) -> None:
    text = httpx.get(f"{server.api}/openapi.json").text
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))

    assert names
    assert names <= set(description["components"]["schemas"])


def test_records_are_described_as_they_are(
    description: dict[str, Any], generation: dict[str, Any]
) -> None:
    schemas = description["components"]["schemas"]

    assert set(schemas["ImageRecord"]["properties"]) == set(generation["images"][0])
    assert set(generation) <= set(schemas["JobRecord"]["properties"])


def test_page_loads_nothing_from_elsewhere(server: Server) -> None:
    page = httpx.get(f"{server.api}/docs")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]

    files = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)

    assert len(files) >= 2
    for file in files:
        assert file.startswith("/api/docs/"), file
        assert httpx.get(server.root + file).status_code == 200
    assert "/api/openapi.json" in page.text
    assert "://" not in page.text


@pytest.mark.parametrize(
    "path", ["", "/", "/nope", "/models/", "/models/a/b/c", "/jobs/a/b", "/docs/nope", "/videos/"]
)
def test_unknown_routes(server: Server, http: httpx.Client, path: str) -> None:
    assert_refused(http.get(server.api + path), 404, "Check the path")


def test_outside_of_the_api(server: Server) -> None:
    assert_refused(httpx.get(f"{server.root}/"), 404, "There is no endpoint /")
    assert_refused(httpx.get(f"{server.root}/ping"), 404, "Check the path and base URL")


def test_wrong_methods(http: httpx.Client) -> None:
    answer = http.put("/models", json={})

    assert_refused(answer, 405, "does not answer PUT")
    assert set(answer.headers["allow"].split(", ")) <= {"GET", "POST"}
