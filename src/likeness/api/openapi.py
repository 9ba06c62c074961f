"""The API's description of itself."""

from typing import Any

from fastapi import FastAPI

from likeness.api.envelope import ErrorAnswer

_ERRORS = {
    "400": "The request is not right; `message` says what to change.",
    "401": "The API key is missing or not known.",
    "404": "There is no such thing in this account.",
    "409": "Something else is going on with it; try again when that has finished.",
    "413": "The request or the photo is too large.",
    "429": "Too much is going on; wait and try again.",
    "500": "The server made a mistake.",
}
_ONLY = {
    "409": {
        "triggerModelTraining",
        "uploadImage",
        "deleteImage",
        "triggerImageGenerationJob",
        "cancelJob",
    },
    "413": {
        "uploadImage",
        "createOrUpdateModel",
        "triggerImageGenerationJob",
        "triggerImageUpscalingJob",
    },
    "429": {"triggerModelTraining"},
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
        "getJobStatus",
        "streamJob",
        "cancelJob",
    },
}
_VERSION = {
    "name": "API-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "enum": ["1"], "default": "1"},
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
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    description["security"] = [{"key": []}]
    reference = {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}
    for path in description["paths"].values():
        for operation in path.values():
            operation.setdefault("parameters", []).append(_VERSION)
            responses = operation["responses"]
            responses.pop("422", None)
            for status, text in _ERRORS.items():
                if operation["operationId"] in _ONLY.get(status, {operation["operationId"]}):
                    responses[status] = {
                        "description": text,
                        "content": {"application/json": reference},
                    }
    return description
