"""Captions: what a photo shows, in the many ways in which people would ask for it."""

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from foundry.portraits.draw import between, pick
from foundry.portraits.grammar import with_article
from foundry.portraits.person import HAIR_STYLES, Person
from foundry.portraits.photo import STUDIO, Photo
from likeness.bases import view_of

EXPRESSION: Mapping[str, tuple[str, ...]] = {
    "neutral": ("with a neutral expression", "neutral expression", "calm"),
    "smile": ("smiling", "with a smile", "a gentle smile", "happy"),
    "big smile": ("smiling broadly", "with a big smile", "grinning"),
    "laughing": ("laughing", "with a laugh"),
    "surprised": ("looking surprised", "surprised", "with a surprised expression"),
    "sad": ("looking sad", "sad", "with a sad expression"),
    "angry": ("looking angry", "angry", "with an angry expression"),
    "serious": ("looking serious", "serious", "with a serious expression"),
    "eyes closed": ("with eyes closed", "eyes closed"),
    "pout": ("pouting", "with a pout"),
}
GARMENT: Mapping[str, tuple[str, ...]] = {
    "t-shirt": ("t-shirt", "t-shirt", "tee", "shirt"),
    "sweater": ("sweater", "sweater", "jumper", "pullover"),
    "v-neck": ("v-neck shirt", "v-neck", "v-neck sweater"),
    "turtleneck": ("turtleneck", "turtleneck sweater"),
    "tank top": ("tank top",),
    "hoodie": ("hoodie", "hooded sweatshirt"),
    "shirt": ("shirt", "button-up shirt", "casual shirt"),
    "jacket": ("jacket",),
    "suit": ("suit", "business suit"),
    "work shirt": ("work shirt",),
    "blouse": ("blouse", "top"),
    "dress": ("dress", "elegant dress"),
    "sports top": ("sports top",),
}
PLACE: Mapping[str, tuple[str, ...]] = {
    "beach": ("at the beach", "on a beach", "beach", "by the sea"),
    "park": ("in a park", "park", "in the park, green trees"),
    "autumn forest": ("in an autumn forest", "autumn forest", "fall foliage"),
    "snowy mountains": ("in snowy mountains", "snowy mountains", "in the mountains"),
    "sunset": ("at sunset", "sunset", "sunset sky"),
    "city at night": ("in a city at night", "city at night", "night city lights"),
    "city street": ("on a city street", "city street", "in the city"),
    "flower garden": ("in a flower garden", "flower garden", "in a garden with flowers"),
    "office": ("in an office", "office", "at the office"),
    "library": ("in a library", "library", "in front of bookshelves"),
    "cafe": ("in a cafe", "cafe", "in a coffee shop"),
    "living room": ("in a living room", "living room", "at home"),
    "brick wall": ("in front of a brick wall", "brick wall"),
    "wooden wall": ("in front of a wooden wall", "wooden wall"),
    "desert": ("in a desert", "desert", "sand dunes"),
    "kitchen": ("in a kitchen", "kitchen"),
    "gym": ("in a gym", "gym"),
    "stage": ("on a stage", "on stage"),
    "blue sky": ("in front of a blue sky", "blue sky"),
    "sea of fog": ("in the fog", "foggy"),
}
BACKDROP_FORMS = (
    "in front of a plain {} background",
    "{} background",
    "plain {} background",
    "{} studio background",
    "on a {} background",
)
LIGHT: Mapping[str, tuple[str, ...]] = {
    "soft studio light": ("soft studio light", "studio lighting", "soft light"),
    "window light from the left": ("window light from the left", "window light"),
    "window light from the right": ("window light from the right", "window light"),
    "dramatic side light": ("dramatic side light", "dramatic lighting"),
    "golden hour light": ("golden hour light", "golden hour", "warm evening light"),
    "overcast daylight": ("overcast daylight", "overcast", "soft daylight"),
    "bright sunlight": ("bright sunlight", "sunny", "in the sun"),
    "warm indoor light": ("warm indoor light", "warm light"),
    "neon light": ("neon light", "neon lights"),
    "flat front light": ("flat front light", "front light"),
}
FRAME: Mapping[str, tuple[str, ...]] = {
    "close-up": ("close-up photo", "close-up", "close-up portrait", "headshot"),
    "portrait": ("portrait photo", "portrait", "photo"),
    "upper body": ("upper-body photo", "upper body photo", "half-length portrait"),
}
OTHER_VIEWS: Mapping[str, tuple[str, ...]] = {
    "front view": ("seen from the front", "looking straight ahead"),
    "three-quarter view": ("three-quarter view",),
    "turned": ("turned to the side",),
    "profile": ("in profile",),
}
FIRST_NAMES = ("anna", "ben", "maria", "tom", "yuki", "omar", "lena", "raj", "sofia", "david")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def full_caption(person: Person, photo: Photo) -> str:
    """Every attribute in one fixed order and wording."""
    hair = hair_words(person, HAIR_STYLES[person.hair].words[0])
    parts = [
        f"{FRAME[photo.frame][0]} of a {person.age} year old {person.ethnicity} "
        f"{person.gender} with {hair} and {person.eye_colour} eyes",
        *([f"{person.beard}"] if person.beard != "none" else []),
        EXPRESSION[photo.expression][0],
        f"wearing {with_article(outfit_words(photo, GARMENT[photo.outfit.garment][0]))}",
        *_worn(person, photo, bare=False),
        place_words(photo, 0),
        photo.light,
        _views(photo.yaw)[0],
    ]
    return ", ".join(parts)


def draw_caption(person: Person, photo: Photo, seed: int) -> str:
    """One of many captions: short or long, in some order, in some of the words, some left out.

    It never says what the photo does not show. One in three names the person by a word that means
    nothing, as an adapter's trigger does to the base; one in twenty says no more than "photo".
    """
    rng = np.random.default_rng([seed, photo.seed, person.seed, 0xCA97])
    if rng.random() < 0.05:
        return "photo"
    keep = pick(rng, {0.9: 0.5, 0.6: 0.3, 0.3: 0.2})
    parts = [
        part
        for part, kept in (
            (pick(rng, EXPRESSION[photo.expression]), keep),
            (_clothes(rng, photo), min(1.0, keep + 0.1)),
            (_place(rng, photo), min(1.0, keep + 0.1)),
            (pick(rng, LIGHT[photo.light]), keep * 0.6),
            (_hair(rng, person), keep * 0.75),
            (f"{person.eye_colour} eyes", keep * 0.25),
        )
        if rng.random() < kept
    ]
    worn = _worn(person, photo, bare=rng.random() < 0.4)
    parts += [part for part in worn if rng.random() < min(1.0, keep + 0.1)]
    if person.beard != "none" and rng.random() < keep * 0.8:
        parts.append(person.beard if person.beard == "stubble" else with_article(person.beard))
    if rng.random() < min(1.0, keep + 0.1):
        said, *others = _views(photo.yaw)
        parts.append(said if rng.random() < 0.6 else pick(rng, others))
    if rng.random() < 0.7:
        parts = [parts[i] for i in rng.permutation(len(parts))]
    return ", ".join([_head(rng, person, photo), *parts])


def hair_words(person: Person, style: str) -> str:
    colour = person.hair_colour
    match person.hair:
        case "bald":
            return "a bald head"
        case "bun" | "top knot" | "ponytail":
            return f"{colour} hair in a {style}"
        case "afro" | "short afro":
            return with_article(f"{style.replace('afro', '').strip()} {colour} afro".strip())
        case "long with bangs" | "shoulder-length with bangs":
            return f"{style} {colour} hair with bangs"
        case _:
            return f"{style} {colour} hair"


def outfit_words(photo: Photo, garment: str) -> str:
    outfit = photo.outfit
    pattern = {"plain": "", "pinstriped": "striped "}.get(outfit.pattern, f"{outfit.pattern} ")
    return f"{pattern}{outfit.colour} {garment}"


def place_words(photo: Photo, form: int) -> str:
    if photo.background.startswith(STUDIO):
        colour = photo.background.removeprefix(STUDIO)
        return BACKDROP_FORMS[form % len(BACKDROP_FORMS)].format(colour)
    forms = PLACE[photo.background]
    return forms[form % len(forms)]


def subject_words(rng: Generator, person: Person) -> str:
    """Somebody's gender, often with age and ethnicity, without an article."""
    age = pick(rng, {f"{person.age} year old": 0.45, _years(person.age): 0.35, "": 0.2})
    ethnicity = person.ethnicity if rng.random() < 0.7 else ""
    return " ".join(word for word in (age, ethnicity, person.gender) if word)


def draw_name(rng: Generator) -> str:
    """A first name, or a word that means nothing, as an adapter's trigger does to the base."""
    return pick(rng, FIRST_NAMES) if rng.random() < 0.2 else _trigger(rng)


def _head(rng: Generator, person: Person, photo: Photo) -> str:
    frame = pick(rng, FRAME[photo.frame]) if rng.random() < 0.6 else "photo"
    subject = subject_words(rng, person)
    if rng.random() < 0.25:
        subject += f" with {person.eye_colour} eyes"
    said = pick(rng, {"named": 0.33, "described": 0.57, "bare": 0.1})
    if said == "bare":
        return with_article(subject)
    if said == "described":
        return f"{frame} of {with_article(subject)}"
    name = draw_name(rng)
    if rng.random() < 0.3:
        return f"{frame} of {name}"
    return f"{frame} of {name}, {with_article(subject)}"


def _trigger(rng: Generator) -> str:
    length = int(between(rng, 3, 7))
    letters = "".join(pick(rng, tuple(LETTERS)) for _ in range(length))
    return f"lk{letters}" if rng.random() < 0.7 else letters


def _years(age: int) -> str:
    for limit, word in ((30, "young"), (42, ""), (60, "middle-aged"), (68, "older")):
        if age < limit:
            return word
    return "elderly"


def _clothes(rng: Generator, photo: Photo) -> str:
    words = outfit_words(photo, pick(rng, GARMENT[photo.outfit.garment]))
    one = with_article(words)
    return pick(rng, {f"wearing {one}": 0.5, f"in {one}": 0.25, words: 0.25})


def _place(rng: Generator, photo: Photo) -> str:
    return place_words(photo, int(rng.integers(60)))


def _hair(rng: Generator, person: Person) -> str:
    style = pick(rng, HAIR_STYLES[person.hair].words)
    if person.hair != "bald" and rng.random() < 0.35:
        words = f"{person.hair_colour} hair"
    else:
        words = hair_words(person, style)
    return f"with {words}" if rng.random() < 0.4 else words


def _worn(person: Person, photo: Photo, bare: bool) -> list[str]:
    """Things worn beside clothes; `bare`: glasses without their shape."""
    parts: list[str] = []
    if photo.eyewear == "sunglasses":
        parts.append("wearing sunglasses")
    elif photo.eyewear == "glasses":
        parts.append("wearing glasses" if bare else f"wearing {person.glasses or 'round'} glasses")
    if photo.hat:
        parts.append(f"wearing {with_article(f'{photo.hat.colour} {photo.hat.kind}')}")
    if photo.earrings:
        parts.append(f"{photo.earrings} earrings")
    return parts


def _views(yaw: float) -> tuple[str, ...]:
    """Ways to say from where a head is seen; the first says all."""
    said = view_of(yaw)
    return said, *OTHER_VIEWS[said.partition(" to the ")[0]]
