"""Likeness: the PhotoGPT Developer API as software that you run yourself."""

from importlib.metadata import version

__version__ = version("likeness")
