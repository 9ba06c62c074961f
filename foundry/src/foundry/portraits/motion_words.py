"""The words for movements and cameras that captions of clips are made of."""

from collections.abc import Mapping

from foundry.portraits.person import Gender
from likeness.engine.acting.motion import Kind, Track

# `{their}` is her, his, their or the; the first word is the verb.
DONE: Mapping[Kind, tuple[str, ...]] = {
    "turn left": (
        *("turn {their} head to the left", "turn {their} head left", "turn to the left"),
        *("turn left", "look to the left"),
    ),
    "turn right": (
        *("turn {their} head to the right", "turn {their} head right", "turn to the right"),
        *("turn right", "look to the right"),
    ),
    "face the camera": (
        *("turn {their} head to the camera", "turn to the camera", "face the camera"),
        *("turn towards the camera", "turn {their} face to the front", "look into the camera"),
    ),
    "look up": ("look up", "look up", "raise {their} head", "lift {their} head"),
    "look down": ("look down", "look down", "lower {their} head", "bow {their} head"),
    "tilt left": ("tilt {their} head to the left", "lean {their} head to the left"),
    "tilt right": ("tilt {their} head to the right", "lean {their} head to the right"),
    "nod": ("nod", "nod", "nod {their} head", "nod yes"),
    "shake the head": ("shake {their} head", "shake {their} head", "shake {their} head no"),
    "glance left": (
        *("glance to the left", "glance left", "move {their} eyes to the left"),
        "look to the left with {their} eyes",
    ),
    "glance right": (
        *("glance to the right", "glance right", "move {their} eyes to the right"),
        "look to the right with {their} eyes",
    ),
    "glance up": ("glance up", "move {their} eyes up", "look up with {their} eyes"),
    "glance down": ("glance down", "move {their} eyes down", "look down with {their} eyes"),
    "look around": (
        *("look around", "look around", "look around with {their} eyes"),
        *("let {their} eyes wander", "glance from side to side"),
    ),
    "smile": ("smile", "smile", "begin to smile", "give a smile", "break into a smile"),
    "stop smiling": (
        *("stop smiling", "become serious", "let {their} smile fade", "turn serious"),
    ),
    "laugh": ("laugh", "laugh", "begin to laugh", "burst out laughing", "laugh out loud"),
    "look surprised": (
        *("look surprised", "become surprised", "open {their} mouth in surprise"),
        "react with surprise",
    ),
    "look sad": ("look sad", "become sad", "make a sad face"),
    "look angry": ("look angry", "become angry", "frown", "get angry"),
    "raise the eyebrows": ("raise {their} eyebrows", "lift {their} eyebrows"),
    "close the eyes": ("close {their} eyes", "close {their} eyes", "shut {their} eyes"),
    "blink": ("blink", "blink {their} eyes"),
    "talk": (
        *("talk", "talk", "speak", "talk to the camera", "say something", "speak to the viewer"),
        "chat",
    ),
    "shrug": ("shrug", "shrug {their} shoulders", "give a shrug"),
}
SMILES_A_LITTLE = ("smile slightly", "smile a little", "smile gently")
SMILES_BROADLY = ("smile broadly", "grin", "give a big smile", "smile widely")
LITTLE, BROAD = 0.7, 0.88  # amounts of smiles
STILL = (
    *("keep still", "hold still", "stay still", "keep quite still", "move very little"),
    *("look on without moving", "stand still", "sit still"),
)
ONLY = "do nothing but {}"
TIMES: Mapping[int, tuple[str, ...]] = {
    1: ("once", "", ""),
    2: ("twice", "two times", "a few times", ""),
    3: ("three times", "several times", "a few times", ""),
}
BACK = (" and back", " and back again", " and then back", " for a moment")
FOR_A_MOMENT = (" for a moment", " briefly")
SLOWLY, QUICKLY, SLIGHTLY = ("slowly", "gently"), ("quickly", "fast"), ("slightly", "a little")
CAMERA: Mapping[Track, tuple[str, ...]] = {
    "still": ("still camera", "static camera", "the camera does not move", "fixed camera"),
    "push in": (
        *("the camera slowly moves closer", "slow push in", "slow zoom in"),
        *("the camera pushes in", "camera moving in"),
    ),
    "pull back": (
        *("the camera slowly pulls back", "slow zoom out", "slow pull back"),
        *("the camera moves away", "camera moving back"),
    ),
    "drift left": (
        *("the camera drifts to the left", "the camera moves slowly to the left"),
        *("slow camera move to the left", "camera drifting left"),
    ),
    "drift right": (
        *("the camera drifts to the right", "the camera moves slowly to the right"),
        *("slow camera move to the right", "camera drifting right"),
    ),
}
PRONOUNS: Mapping[Gender, tuple[str, str]] = {"woman": ("she", "her"), "man": ("he", "his")}
FILM = ("video", "clip", "short video", "portrait video")
