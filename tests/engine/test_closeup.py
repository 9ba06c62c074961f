import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from likeness.engine.closeup import Closeup, find_face
from likeness.engine.faces import FaceBox, FaceReader

SCALE = 2.0


@pytest.mark.parametrize("place", [(20, 10), (215, 150), (330, 30), (120, 260)])
@pytest.mark.parametrize("share", [8, 12, 18])
def test_small_faces_are_found(
    reader: FaceReader, far_away: Image.Image, share: int, place: tuple[int, int]
) -> None:
    """Anywhere in a picture whose longer side is so many times as long as the face's."""
    person = far_away.crop((150, 70, 280, 200))
    seen = reader.find(person)[0].box
    whole = Image.new("RGB", (480, 420), "teal")
    zoom = 480 / share / seen.side
    whole.paste(person.resize((round(130 * zoom), round(130 * zoom))), place)

    found = find_face(reader, whole)

    assert found is not None
    assert found.x == pytest.approx(place[0] + seen.x * zoom, abs=8)
    assert found.y == pytest.approx(place[1] + seen.y * zoom, abs=8)
    assert found.side == pytest.approx(480 / share, rel=0.25)


SIDES = st.integers(8, 300)


@st.composite
def closeups(draw: st.DrawFn) -> tuple[Image.Image, Closeup]:
    """A face anywhere in a smooth picture of any size."""
    width, height = draw(SIDES), draw(SIDES)
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (across, down, across))
    face = FaceBox(
        draw(st.floats(0, width)),
        draw(st.floats(0, height)),
        draw(st.floats(max(width, height) / 8, max(width, height))),
    )
    return picture, Closeup.around(face, SCALE, picture)


@given(closeups())
def test_a_closeup_is_within_its_picture(one: tuple[Image.Image, Closeup]) -> None:
    picture, closeup = one
    left, top, right, bottom = closeup.box

    assert 0 <= left < right <= picture.width
    assert 0 <= top < bottom <= picture.height
    assert right - left == bottom - top == closeup.side


@given(closeups(), st.sampled_from([(0.9, 20), (0.85, 0), (1.0, 30)]))
def test_colours_are_those_of_the_picture(
    one: tuple[Image.Image, Closeup], wrong: tuple[float, int]
) -> None:
    picture, closeup = one
    before = np.asarray(picture, np.float32) * 0.8  # so that no wrong colour is cut off
    picture = Image.fromarray(before.astype(np.uint8))
    crop = np.asarray(picture.crop(closeup.box), np.float32)
    new = Image.fromarray((crop * wrong[0] + wrong[1]).astype(np.uint8))

    after = closeup.blended(picture, new)

    assert np.abs(np.asarray(after, int) - np.asarray(picture, int)).max() <= 2


@given(closeups(), st.sampled_from(["white", "black", "red", "teal"]))
def test_no_seam_is_left(one: tuple[Image.Image, Closeup], colour: str) -> None:
    """Whatever is drawn, it comes in over a twelfth of the square's side or more."""
    picture, closeup = one
    new = Image.new("RGB", (closeup.side, closeup.side), colour)

    after = np.asarray(closeup.blended(picture, new), int)

    before = np.asarray(picture, int)
    apart = np.abs(after - before).max()
    for axis in (0, 1):
        steps = np.abs(np.diff(after - before, axis=axis)).max(initial=0)
        assert steps <= 12 * apart / closeup.side * 2 + 2
