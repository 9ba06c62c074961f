import pytest

from likeness.bases import MissingPart, find_part


@pytest.mark.parametrize("name", ["faces", "figures", "upscaler"])
def test_the_parts_are_installed(name: str) -> None:
    assert (find_part(name) / f"{name}.safetensors").is_file()


def test_a_part_that_nobody_brings_is_told() -> None:
    with pytest.raises(MissingPart, match=r"'ears'; install likeness-mini"):
        find_part("ears")
