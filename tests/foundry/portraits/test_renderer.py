"""Pictures of people, on a tiny generated pack: ugly, but all of the code runs."""

from pathlib import Path

import numpy as np
import pytest

from foundry.portraits.caption import full_caption
from foundry.portraits.gpu import NoGpu
from foundry.portraits.hats import FORMS, HatBlock
from foundry.portraits.pack import AssetPack, BadPack, Floats
from foundry.portraits.person import BEARDS, HAIR_STYLES, Gender, Person, draw_person
from foundry.portraits.photo import (
    EXPRESSIONS,
    GARMENTS,
    LIGHTS_INDOORS,
    PATTERNS,
    Hat,
    HatKind,
    Outfit,
    Photo,
    draw_photo,
)
from foundry.portraits.primitives import sphere
from foundry.portraits.renderer import Renderer
from foundry.portraits.tiny_pack import write_tiny_pack

pytestmark = pytest.mark.graphics

SIZE = 64
PLAIN = Outfit(garment="t-shirt", colour="blue", pattern="plain", second_colour="white")
FRONTAL: dict[str, object] = {
    "background": "studio:light gray",
    "light": "flat front light",
    "frame": "portrait",
    "yaw": 0.0,
    "torso": 0.0,
    "pitch": 0.0,
    "roll": 0.0,
    "gaze": 0.0,
    "offset": 0.0,
    "elevation": 0.0,
    "expression": "neutral",
    "outfit": PLAIN,
    "eyewear": None,
    "hat": None,
    "earrings": None,
}
UPPER, MIDDLE, LOWER = slice(0, 28), slice(14, 40), slice(40, SIZE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def renderer(folder: Path) -> Renderer:
    try:
        return Renderer(AssetPack(folder))
    except NoGpu as error:
        pytest.fail(f"install libegl1 and libgl1-mesa-dri to render: {error}")


def person(gender: Gender = "man", **fixed: object) -> Person:
    plain = {"gender": gender, "hair": "bald", "beard": "none", "age": 30, "glasses": None}
    return draw_person(7, **(plain | fixed))


def photo(of: Person, seed: int = 3, **changed: object) -> Photo:
    return draw_photo(seed, of, **(FRONTAL | changed))


def difference(renderer: Renderer, a: tuple[Person, Photo], b: tuple[Person, Photo]) -> Floats:
    """Mean absolute difference of each row (SIZE,) of two pictures."""
    first, second = (renderer.picture(*of, SIZE).astype(np.float32) for of in (a, b))
    return np.abs(first - second).mean(axis=(1, 2))


def test_a_picture_is_an_image_of_the_asked_size(renderer: Renderer) -> None:
    of = person()
    for size in (32, SIZE):
        pixels = renderer.picture(of, photo(of), size)
        assert pixels.shape == (size, size, 3)
        assert pixels.dtype == np.uint8
        assert pixels.std() > 5


def test_same_records_make_same_bytes(renderer: Renderer, folder: Path) -> None:
    of = person(hair="curly", beard="full beard")
    first = renderer.picture(of, photo(of, expression="laughing", yaw=40.0), SIZE)
    renderer.picture(person("woman"), photo(of), SIZE)
    renderer.picture(of, photo(of, expression="sad"), SIZE)
    again = renderer.picture(of, photo(of, expression="laughing", yaw=40.0), SIZE)
    fresh = Renderer(AssetPack(folder)).picture(
        of, photo(of, expression="laughing", yaw=40.0), SIZE
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first, fresh)


def test_another_photo_seed_makes_another_picture(renderer: Renderer) -> None:
    of = person()
    assert difference(renderer, (of, photo(of, seed=1)), (of, photo(of, seed=2))).mean() > 0.5


def test_another_person_looks_different(renderer: Renderer) -> None:
    of, other = person(), person().model_copy(update={"seed": 8})
    assert difference(renderer, (of, photo(of)), (other, photo(of)))[MIDDLE].mean() > 0.5


def test_more_people_than_are_kept_look_the_same_again(renderer: Renderer) -> None:
    crowd = [draw_person(seed, hair="long straight") for seed in range(7)]
    pictures = [renderer.picture(of, photo(of), SIZE) for of in crowd]
    assert np.array_equal(pictures[0], renderer.picture(crowd[0], photo(crowd[0]), SIZE))


@pytest.mark.parametrize("hair", [name for name in HAIR_STYLES if name != "bald"])
def test_hair_shows_on_the_head(renderer: Renderer, hair: str) -> None:
    bald, haired = person("woman"), person("woman", hair=hair, hair_colour="red")
    plain, changed = (bald, photo(bald)), (haired, photo(haired))
    assert difference(renderer, plain, changed)[UPPER].mean() > 0.5


@pytest.mark.parametrize("beard", [name for name in BEARDS if name != "none"])
def test_beards_show_on_the_chin(renderer: Renderer, beard: str) -> None:
    shaven, bearded = person(hair_colour="white"), person(beard=beard, hair_colour="white")
    rows = difference(renderer, (shaven, photo(shaven)), (bearded, photo(bearded)))
    assert rows[20:50].mean() > 0.05


@pytest.mark.parametrize("gender", ["man", "woman"])
@pytest.mark.parametrize("garment", [name for name in GARMENTS if name != "t-shirt"])
def test_garments_differ_from_a_t_shirt(renderer: Renderer, garment: str, gender: Gender) -> None:
    of = person(gender)
    other = photo(of, outfit=PLAIN.model_copy(update={"garment": garment}), frame="upper body")
    rows = difference(renderer, (of, photo(of, frame="upper body")), (of, other))
    assert rows[LOWER].mean() > 0.2


@pytest.mark.parametrize("pattern", [name for name in PATTERNS if name != "plain"])
def test_patterns_show_on_cloth(renderer: Renderer, pattern: str) -> None:
    of = person()
    other = photo(of, outfit=PLAIN.model_copy(update={"pattern": pattern}))
    assert difference(renderer, (of, photo(of)), (of, other))[LOWER].mean() > 0.5


@pytest.mark.parametrize("hair", ["bald", "long straight", "afro", "top knot"])
@pytest.mark.parametrize("kind", ["beanie", "cap", "sun hat", "headband"])
def test_hats_show_above_the_face(renderer: Renderer, kind: str, hair: str) -> None:
    of = person("woman", hair=hair)
    hat = Hat.model_validate({"kind": kind, "colour": "red"})
    rows = difference(renderer, (of, photo(of)), (of, photo(of, hat=hat)))
    assert rows[UPPER].mean() > 1


@pytest.mark.parametrize("eyewear", ["glasses", "sunglasses"])
@pytest.mark.parametrize("shape", ["round", "rectangular", "square", None])
def test_eyewear_shows_at_the_eyes(renderer: Renderer, eyewear: str, shape: str | None) -> None:
    of = person(glasses=shape)
    rows = difference(renderer, (of, photo(of)), (of, photo(of, eyewear=eyewear)))
    assert rows[MIDDLE].mean() > 0.5


@pytest.mark.parametrize("kind", ["gold", "silver", "pearl"])
def test_earrings_show(renderer: Renderer, kind: str) -> None:
    of = person("woman")
    assert difference(renderer, (of, photo(of)), (of, photo(of, earrings=kind))).max() > 0.1


@pytest.mark.parametrize("expression", [name for name in EXPRESSIONS if name != "neutral"])
def test_expressions_render(renderer: Renderer, expression: str) -> None:
    of = person()
    assert renderer.picture(of, photo(of, expression=expression), SIZE).std() > 5


@pytest.mark.parametrize("light", LIGHTS_INDOORS)
def test_lights_differ(renderer: Renderer, light: str) -> None:
    of = person()
    sun = photo(of, light="golden hour light")
    assert difference(renderer, (of, sun), (of, photo(of, light=light))).mean() > 0.5


@pytest.mark.parametrize("yaw", [-90.0, -45.0, 0.0, 45.0, 90.0])
def test_landmarks_lie_inside_and_turn_with_the_head(renderer: Renderer, yaw: float) -> None:
    of = person()
    rendering = renderer.render(of, photo(of, yaw=yaw, torso=yaw / 2), SIZE)
    spots = rendering.landmarks
    assert spots.shape == (5, 2)
    assert spots.min() > 0
    assert spots.max() < SIZE
    left_eye, right_eye, nose, _, _ = spots
    assert right_eye[0] - left_eye[0] > (5 if yaw == 0 else -1)
    eyes = (left_eye[0] + right_eye[0]) / 2
    if abs(yaw) == 45:
        assert np.sign(nose[0] - eyes) == np.sign(yaw)
    assert nose[1] > min(left_eye[1], right_eye[1])


def test_an_offset_moves_the_head_to_the_right(renderer: Renderer) -> None:
    of = person()
    middle, aside = (
        renderer.render(of, photo(of, offset=offset), SIZE).landmarks[:, 0].mean()
        for offset in (0.0, 0.2)
    )
    assert 2 < aside - middle < 8


def test_the_face_box_holds_eyes_and_mouth(renderer: Renderer) -> None:
    of = person()
    rendering = renderer.render(of, photo(of), SIZE)
    face = rendering.face
    assert 10 < face.side < SIZE
    for x, y in rendering.landmarks:
        assert abs(x - face.x) < face.side / 2
        assert abs(y - face.y) < face.side / 2


def test_every_drawn_photo_renders_and_has_a_caption(renderer: Renderer) -> None:
    for seed in range(12):
        of = draw_person(seed)
        taken = draw_photo(seed, of)
        assert renderer.picture(of, taken, 48).std() > 5
        assert len(full_caption(of, taken)) > 40


def test_a_folder_without_a_mesh_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"has no mesh\.npz"):
        AssetPack(tmp_path)


def test_a_broken_mesh_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "mesh.npz").write_bytes(b"no archive")
    with pytest.raises(BadPack, match="cannot be read"):
        AssetPack(tmp_path)


def broken(folder: Path, to: Path, name: str, array: np.ndarray | None) -> Path:
    """A copy of the pack with one array changed, or left out."""
    with np.load(folder / "mesh.npz") as stored:
        arrays = {key: stored[key] for key in stored.files if key != name}
    if array is not None:
        arrays[name] = array
    np.savez(to / "mesh.npz", **arrays)  # type: ignore[arg-type]  # arrays by their names
    return to


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("T_off", None, "lacks T_off"),
        ("J/neck", None, "lacks J/neck"),
        ("P/hair/short01/uv", None, "proxy hair/short01 lacks uv"),
        ("wh", np.zeros(3), "wh has shape"),
        ("body_t", np.full((1, 3), 10**6), "body t points outside"),
        ("body_uv", np.zeros((2, 2)), "body uv has shape"),
        ("T_off", np.zeros(2), "do not fit together"),
        ("J/neck", np.array([-1]), "J/neck points outside"),
    ],
)
def test_arrays_are_checked(
    folder: Path, tmp_path: Path, name: str, array: np.ndarray | None, message: str
) -> None:
    with pytest.raises(BadPack, match=message):
        AssetPack(broken(folder, tmp_path, name, array))


def test_a_missing_texture_is_named(folder: Path) -> None:
    with pytest.raises(BadPack, match="no texture 'skin_of_nobody'"):
        AssetPack(folder).image("skin_of_nobody")


@pytest.mark.parametrize("kind", FORMS)
def test_hair_under_a_hat_lies_inside_it(folder: Path, kind: HatKind) -> None:
    pack = AssetPack(folder)
    block = HatBlock(pack, pack.vertices, kind)
    hair = sphere(2.5, 21, 31).points + block.centre
    flat = block.flatten(hair) - block.centre
    distance = np.linalg.norm(flat, axis=1)
    covered = block.covers(hair) == 1
    assert covered.any()
    assert (distance < block.radius(flat / distance[:, None]))[covered].all()
