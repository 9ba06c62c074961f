"""The providers that draw pictures."""

from collections.abc import Callable

from likeness.providers.gemini import Gemini
from likeness.providers.openai import OpenAI
from likeness.providers.pictures import Painter
from likeness.providers.seedream import Seedream
from likeness.providers.talk import Talk

PAINTERS: dict[str, Callable[[Talk], Painter]] = {
    "openai": OpenAI,
    "google": Gemini,
    "byteplus": Seedream,
}
"""Their adapters, by the providers' names."""
