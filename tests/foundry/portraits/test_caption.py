"""Captions say what photos show, in many wordings."""

from hypothesis import given
from hypothesis import strategies as st

from foundry.portraits.caption import draw_caption, full_caption
from foundry.portraits.person import draw_person
from foundry.portraits.photo import draw_photo

SEEDS = st.integers(0, 1 << 30)


@given(SEEDS, SEEDS, SEEDS)
def test_nothing_is_said_that_is_not_to_be_seen(someone: int, index: int, seed: int) -> None:
    person = draw_person(someone)
    photo = draw_photo(index, person)
    caption = draw_caption(person, photo, seed)

    assert ("glasses" in caption) <= (photo.eyewear is not None)
    assert ("sunglasses" in caption) <= (photo.eyewear == "sunglasses")
    assert ("earrings" in caption) <= (photo.earrings is not None)
    assert ("profile" in caption) <= (abs(photo.yaw) >= 70)
    assert caption == draw_caption(person, photo, seed)


def test_wordings_of_one_photo_differ() -> None:
    person = draw_person(5)
    photo = draw_photo(3, person, eyewear="glasses")
    captions = {draw_caption(person, photo, seed) for seed in range(200)}

    assert len(captions) > 150
    assert any("wearing glasses" in caption for caption in captions)
    assert any(f"wearing {person.glasses or 'round'} glasses" in caption for caption in captions)
    assert "photo" in captions


def test_the_full_caption_leaves_nothing_out() -> None:
    person = draw_person(5)
    photo = draw_photo(3, person, eyewear="glasses", hat=None, earrings="gold")
    caption = full_caption(person, photo)

    for words in (str(person.age), person.gender, person.ethnicity, person.eye_colour):
        assert words in caption
    for words in (photo.outfit.colour, photo.light, "glasses", "gold earrings"):
        assert words in caption
