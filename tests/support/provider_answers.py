"""What each provider answers, in its documented shapes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.providers import Providers

Answer = dict[str, Any]


def _error(code: str, number: int, provider: str, message: str) -> Answer:
    match provider:
        case "google":
            return {"error": {"code": number, "status": code.upper(), "message": message}}
        case "xai":
            return {"code": code, "error": message}
        case "kling":
            return {"code": number, "message": message, "request_id": "r"}
        case _:
            return {"error": {"code": code, "message": message, "type": "invalid_request_error"}}


ERRORS: dict[str, Callable[[str, str], Answer]] = {
    "denied": lambda provider, message: _error("invalid_api_key", 1002, provider, message),
    "busy": lambda provider, message: _error("rate_limit_exceeded", 1302, provider, message),
    "bad": lambda provider, message: _error("invalid_value", 1201, provider, message),
}

REFUSALS: dict[str, tuple[int, Answer]] = {
    "openai": (400, _error("moderation_blocked", 0, "openai", "Rejected by the safety system.")),
    "google": (200, {"candidates": [{"content": {}, "finishReason": "IMAGE_SAFETY"}]}),
    "byteplus": (
        400,
        _error("InputTextSensitiveContentDetected", 0, "byteplus", "The request failed."),
    ),
    "xai": (400, _error("invalid_argument", 0, "xai", "Rejected by content moderation.")),
    "kling": (400, _error("", 1301, "kling", "Trigger the content security policy.")),
}


def made(provider: str, path: str, encoded: str, prompt: str) -> Answer:
    """A picture, or a task whose id ends in what its prompt asks for."""
    wanted = prompt.partition("<")[2].partition(">")[0] or "done"
    match provider:
        case "google" if path.endswith(":predictLongRunning"):
            return {"name": f"models/veo/operations/task-{wanted}"}
        case "google":
            if "[words]" in prompt:
                parts: list[Answer] = [{"text": "I would rather write."}]
            else:
                thought = {"inlineData": {"mimeType": "image/png", "data": ""}, "thought": True}
                parts = [
                    {"text": "Here it is."},
                    thought,
                    {"inlineData": {"mimeType": "image/png", "data": encoded}},
                ]
            content = {"role": "model", "parts": parts}
            return {"candidates": [{"content": content, "finishReason": "STOP"}]}
        case "byteplus" if path.startswith("contents/"):
            return {"id": f"task-{wanted}"}
        case "byteplus" if "[filtered]" in prompt:
            error = {"code": "OutputImageSensitiveContentDetected", "message": "No."}
            return {"model": "m", "data": [{"error": error}]}
        case "xai":
            return {"request_id": f"task-{wanted}"}
        case "kling":
            data = {"task_id": f"task-{wanted}", "task_status": "submitted"}
            return {"code": 0, "message": "SUCCEED", "request_id": "r", "data": data}
        case _:
            return {"created": 1, "data": [{"b64_json": encoded}]}


def task_state(provider: str, wanted: str, looks: int, state: "Providers") -> Answer:
    """A task: under way at the first look, over at the second."""
    url = f"{state.elsewhere}/{'page' if wanted == 'page' else 'video'}.mp4"
    over = looks > 1 and (wanted != "forever" or "forever" in state.done)
    bad = {"refused": "sensitive content", "failed": "internal error"}.get(wanted)
    match provider:
        case "google":
            return _operation(wanted, over, bad, f"{state.url('google')}/files/1:download")
        case "byteplus":
            if not over:
                return {"id": "t", "status": "running"}
            if bad:
                return {"id": "t", "status": "failed", "error": {"code": "c", "message": bad}}
            content = {} if wanted == "nothing" else {"video_url": url}
            return {"id": "t", "status": "succeeded", "content": content}
        case "xai":
            if not over:
                return {"status": "pending", "progress": 40}
            if wanted == "failed":
                return {"status": "failed", "error": {"code": "internal", "message": "oh"}}
            video = {"url": url, "duration": 6, "respect_moderation": wanted != "refused"}
            return {"status": "done", "video": {} if wanted == "nothing" else video}
        case _:
            status = "processing" if not over else "failed" if bad else "succeed"
            videos = [] if wanted == "nothing" else [{"id": "v", "url": url, "duration": "5"}]
            data = {
                "task_id": "t",
                "task_status": status,
                "task_status_msg": bad or "",
                "task_result": {"videos": videos if over and not bad else []},
            }
            return {"code": 0, "message": "SUCCEED", "data": data}


def _operation(wanted: str, over: bool, bad: str | None, uri: str) -> Answer:
    if not over:
        return {"name": "o"}
    if wanted == "failed":
        return {"name": "o", "done": True, "error": {"code": 13, "message": bad}}
    made: Answer = {"generatedSamples": [{"video": {"uri": uri}}]}
    if wanted == "refused":
        made = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["It breaks a rule."]}
    elif wanted == "nothing":
        made = {}
    return {"name": "o", "done": True, "response": {"generateVideoResponse": made}}
