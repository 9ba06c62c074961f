"""What schemathesis cannot know from the description alone: ids that exist, and rules that tie one
value to another. Only cases that are meant to be right are touched.

The test gives what exists by the environment, see `test_schemathesis.py`.
"""

import itertools
import json
import os
from typing import Any

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase
from tests.support.photos import small

from likeness.catalog.service import CATALOG
from likeness.catalog.size import BadSize, aspect_ratio

THERE: dict[str, Any] = json.loads(os.environ["PROOF"])
PATHS = {
    "getModel": {"modelID": THERE["model"]},
    "listModelImages": {"modelID": THERE["model"]},
    # A model with too few photos is 400 by the contract, whatever else is right.
    "triggerModelTraining": {"modelID": THERE["model"]},
    "getImage": {"imageID": THERE["image"]},
    "getJobStatus": {"id": THERE["job"]},
    "streamJob": {"id": THERE["job"]},
    "getVideo": {"videoID": THERE["video"]},
    "createVideoDownload": {"videoID": THERE["video"]},
    "getVideoDownload": {"videoID": THERE["video"]},
}
EMPTY = itertools.cycle(THERE["empty"])
"""Models to upload to: one holds 20 images of each type."""

NOWHERE = "http://127.0.0.1:9/"
"""An address that nothing is sent to, in place of ones that may be anybody's."""

PHOTO = small()
FEWEST_REFERENCES = min(model.references for model in CATALOG.images.values())


@schemathesis.hook
def map_case(context: HookContext, case: Case) -> Case:
    """Put in what exists, and what fits together."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return case
    name = _name_of(case)
    # In that phase ids come from answers before; but a model that was just made has no photos.
    if case.meta.phase.name is not TestPhase.STATEFUL or name == "triggerModelTraining":
        case.path_parameters.update(PATHS.get(name, {}))
    body: Any = case.body
    if isinstance(body, dict) and body.get("webhookUrl"):
        body["webhookUrl"] = NOWHERE
    match name:
        case "listJobs":
            _fit_window(case.query)
        case "uploadImage" if isinstance(body, dict):
            data = {**body["data"], "modelID": next(EMPTY)}
            body.clear()  # of other fields: the server reads eight at most
            body.update(file=PHOTO, data=data)
        case "triggerImageUpscalingJob" if isinstance(body, dict):
            body["imageID"] = THERE["image"]
        case "triggerImageGenerationJob" if isinstance(body, dict):
            _fit_generation(body)
        case "triggerVideoGenerationJob" if isinstance(body, dict):
            _fit_video(body)
    return case


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Cancel what was started: the answer is looked at, not the work."""
    if response.status_code != 200:
        return
    ask = requests.Session()
    ask.headers.update({"API-Version": "1"})
    ask.headers["Authorization"] = str(response.request.headers["Authorization"])
    match _name_of(case):
        case "triggerImageGenerationJob" | "triggerImageUpscalingJob" | "triggerVideoGenerationJob":
            job_id = response.json()["result"]["jobId"]
        case "triggerModelTraining":
            model = ask.get(f"{THERE['api']}/models/{case.path_parameters['modelID']}").json()
            job_id = model["result"]["trainingJobId"]
        case _:
            return
    ask.post(f"{THERE['api']}/jobs/{job_id}/cancel")


def _name_of(case: Case) -> str:
    return case.operation.definition.raw["operationId"]


def _fit_window(query: dict[str, Any]) -> None:
    """Tokens are the server's own, and a window is at most 7 days long."""
    if query.get("pageToken"):
        query["pageToken"] = THERE["token"]
    if query.get("start") and query.get("end"):
        query["end"] = query["start"]


def _fit_generation(body: dict[str, Any]) -> None:
    """What may be sent depends on the model: how many references; and no pattern can say 4:1."""
    if body["modelID"] not in CATALOG.images:
        body["modelID"] = THERE["model"]
        if body.get("inputImageId"):
            body["inputImageId"] = THERE["image"]
        return
    if body.get("referenceImageURLs"):
        body["referenceImageURLs"] = body["referenceImageURLs"][:FEWEST_REFERENCES]
    try:
        aspect_ratio(body.get("aspectRatio") or "")
    except BadSize:
        body["aspectRatio"] = "16:9"


def _fit_video(body: dict[str, Any]) -> None:
    """There is one first frame; some models need a video, and the others do not look at one."""
    for image in body.get("referenceImages") or ():
        if isinstance(image, dict):
            image.pop("role", None)
    if CATALOG.videos[body["modelID"]].motion:
        body["referenceVideos"] = ["https://example.com/a.mp4"]
    elif body.get("referenceVideos") and not body.get("referenceImages"):
        body["prompt"] = "a person"
