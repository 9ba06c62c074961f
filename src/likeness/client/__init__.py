"""The Python face: it speaks only HTTP."""

from likeness.client.client import Client
from likeness.client.errors import ApiError, JobFailed, TimedOut
from likeness.client.records import Image, Job, Model, Video

__all__ = ["ApiError", "Client", "Image", "Job", "JobFailed", "Model", "TimedOut", "Video"]
