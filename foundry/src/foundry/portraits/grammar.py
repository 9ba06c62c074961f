"""English as captions need it: verbs in two forms, nouns with their article."""

THIRD_PERSON = {"do": "does"}
PARTICIPLES = {
    "become": "becoming",
    "begin": "beginning",
    "chat": "chatting",
    "close": "closing",
    "face": "facing",
    "get": "getting",
    "give": "giving",
    "glance": "glancing",
    "grin": "grinning",
    "let": "letting",
    "make": "making",
    "move": "moving",
    "nod": "nodding",
    "raise": "raising",
    "shake": "shaking",
    "shrug": "shrugging",
    "shut": "shutting",
    "sit": "sitting",
    "smile": "smiling",
    "stop": "stopping",
}


def finite(words: str) -> str:
    """`turn the head` as somebody does it: `turns the head`."""
    verb, space, rest = words.partition(" ")
    return f"{THIRD_PERSON.get(verb, f'{verb}s')}{space}{rest}"


def participle(words: str) -> str:
    """`turn the head` as it goes on: `turning the head`."""
    verb, space, rest = words.partition(" ")
    return f"{PARTICIPLES.get(verb, f'{verb}ing')}{space}{rest}"


def with_article(words: str) -> str:
    vowel = words[0] in "aeio" or words.startswith(("8", "11 ", "18 "))
    return f"{'an' if vowel else 'a'} {words}"
