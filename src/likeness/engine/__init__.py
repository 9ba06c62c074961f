"""Tensors in, tensors out: training adapters on bases and drawing pictures with them.

Importing this package imports no torch; its modules do.
"""

import os

# The engine reads bases from disk only. Hugging Face's libraries read this when they are first
# imported, so it has to be set before any of the engine's modules imports them.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
