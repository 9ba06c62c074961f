"""The providers that make videos."""

from collections.abc import Callable

from likeness.providers.grok import Grok
from likeness.providers.kling import Kling
from likeness.providers.seedance import Seedance
from likeness.providers.talk import Talk
from likeness.providers.veo import Veo
from likeness.providers.videos import VideoMaker

MAKERS: dict[str, Callable[[Talk], VideoMaker]] = {
    "google": Veo,
    "byteplus": Seedance,
    "xai": Grok,
    "kling": Kling,
}
"""Their adapters, by the providers' names."""
