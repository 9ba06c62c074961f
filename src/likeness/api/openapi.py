"""The API's description of itself."""

from typing import Any

from fastapi import FastAPI

from likeness.api.context import Context
from likeness.api.envelope import ErrorAnswer
from likeness.api.once import HEADER
from likeness.catalog.service import CATALOG
from likeness.images.schemas import UploadData

_ERRORS = {
    "400": "The request is not right; `message` says what to change.",
    "401": "The API key is missing or not known.",
    "404": "There is no such thing in this account.",
    "409": "Something else is going on with it; try again when that has finished. Or the "
    "Idempotency-Key was sent with another request.",
    "413": "The request or the photo is too large.",
    "429": "Too much is going on; wait and try again.",
    "500": "The server made a mistake.",
}
_ONCE = {
    "createOrUpdateModel",
    "triggerModelTraining",
    "uploadImage",
    "triggerImageGenerationJob",
    "triggerImageUpscalingJob",
    "triggerVideoGenerationJob",
    "cancelJob",
}
"""Operations that a client may ask for with an Idempotency-Key."""

_ONLY = {
    "409": {
        *_ONCE,
        "deleteImage",
    },
    "413": {
        "uploadImage",
        "createOrUpdateModel",
        "triggerImageGenerationJob",
        "triggerImageUpscalingJob",
        "triggerVideoGenerationJob",
    },
    "429": {*_ONCE, "deleteModel", "deleteImage", "deleteVideo"},
    "404": {
        "createOrUpdateModel",
        "getModel",
        "deleteModel",
        "triggerModelTraining",
        "listModelImages",
        "uploadImage",
        "getImage",
        "deleteImage",
        "triggerImageGenerationJob",
        "triggerImageUpscalingJob",
        "triggerVideoGenerationJob",
        "getVideo",
        "deleteVideo",
        "createVideoDownload",
        "getVideoDownload",
        "getJobStatus",
        "streamJob",
        "cancelJob",
    },
}
_LINKS = {
    "createOrUpdateModel": (
        "/id",
        {"modelID": ("getModel", "listModelImages", "triggerModelTraining", "deleteModel")},
    ),
    "uploadImage": ("/id", {"imageID": ("getImage", "deleteImage")}),
    "triggerImageGenerationJob": ("/jobId", {"id": ("getJobStatus", "streamJob", "cancelJob")}),
    "triggerImageUpscalingJob": ("/jobId", {"id": ("getJobStatus", "streamJob", "cancelJob")}),
    "triggerVideoGenerationJob": ("/jobId", {"id": ("getJobStatus", "streamJob", "cancelJob")}),
}
"""Which part of an operation's result is which parameter of other operations."""

_VERSION = {
    "name": "API-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "enum": ["1"], "default": "1"},
}

_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "the same request with the same key is carried out once and answered the same, "
    "for 24 hours",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 with what all endpoints share: the key, the version, the errors."""
    if app.openapi_schema:
        return app.openapi_schema
    description = FastAPI.openapi(app)
    components = description["components"]
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    schemas = components["schemas"]
    schemas["ErrorAnswer"] = ErrorAnswer.model_json_schema()
    schemas["UploadData"] = UploadData.model_json_schema()
    _tell_generations_apart(schemas)
    _name_presets(schemas, app.state.context)
    _write_whole_numbers(schemas)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    description["security"] = [{"key": []}]
    reference = {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}
    for path in description["paths"].values():
        for operation in path.values():
            parameters = operation.setdefault("parameters", [])
            parameters.append(_VERSION)
            if operation["operationId"] in _ONCE:
                parameters.append(_KEY)
            responses = operation["responses"]
            responses["200"].update(_links_of(operation["operationId"]))
            responses.pop("422", None)
            for status, text in _ERRORS.items():
                if operation["operationId"] in _ONLY.get(status, {operation["operationId"]}):
                    responses[status] = {
                        "description": text,
                        "content": {"application/json": reference},
                    }
    return description


def _links_of(operation: str) -> dict[str, Any]:
    pointer, parameters = _LINKS.get(operation, ("", {}))
    value = f"$response.body#/result{pointer}"
    links = {
        target: {"operationId": target, "parameters": {parameter: value}}
        for parameter, targets in parameters.items()
        for target in targets
    }
    return {"links": links} if links else {}


def _tell_generations_apart(schemas: dict[str, Any]) -> None:
    """Public models have names, and the ids of trained ones are none of them."""
    names = {"enum": sorted(CATALOG.images)}
    schemas["GenerationBody"]["properties"]["modelID"]["not"] = names
    schemas["PublicGenerationBody"]["properties"]["modelID"].update(names)
    schemas["VideoBody"]["properties"]["modelID"].update({"enum": sorted(CATALOG.videos)})


def _name_presets(schemas: dict[str, Any], context: Context) -> None:
    for body in ("GenerationBody", "PublicGenerationBody"):
        text, _ = schemas[body]["properties"]["preset"]["anyOf"]
        text["enum"] = ["", *context.presets]


def _write_whole_numbers(schema: Any) -> None:
    """Write bounds of integers as integers: FastAPI makes them floats, which 2⁶³ − 1 is not."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if schema.get("type") == "integer" and isinstance(value, float):
                schema[key] = int(value)
            _write_whole_numbers(value)
    elif isinstance(schema, list):
        for part in schema:
            _write_whole_numbers(part)
