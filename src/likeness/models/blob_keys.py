"""Where a model's blobs lie: all below one folder, so that a deleted model can be erased whole.

A key that a worker writes holds the token of its claim, so that two attempts never share a blob.
"""


def folder_of(model_id: str) -> str:
    """The folder of everything that belongs to a model."""
    return f"models/{model_id}"


def photo_key(model_id: str, image_id: str) -> str:
    """An uploaded photo."""
    return f"{folder_of(model_id)}/photos/{image_id}.jpg"


def output_key(model_id: str, job_id: str, token: str, position: int, extension: str) -> str:
    """A picture that a job made."""
    return f"{folder_of(model_id)}/outputs/{job_id}/{token}/{position}.{extension}"


def adapter_key(model_id: str, job_id: str, token: str) -> str:
    """The adapter that a training made."""
    return f"{folder_of(model_id)}/adapters/{job_id}/{token}.safetensors"


def tasks_key(model_id: str, job_id: str, token: str, count: int) -> str:
    """The tasks of a provider's, when there were so many."""
    return f"{folder_of(model_id)}/checkpoints/{job_id}/{token}/{count}.json"


def checkpoint_key(model_id: str, job_id: str, token: str, step: int) -> str:
    """The state of a training after a step."""
    return f"{folder_of(model_id)}/checkpoints/{job_id}/{token}/{step}.safetensors"
