"""How a person is named to a base: the same words in training captions and in prompts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """One person as a base is told about them.

    `trigger` is the word that comes to mean this person; `description` is what the base knows
    anyway, such as "a 27 year old south asian woman with brown eyes" (may be empty).
    """

    trigger: str
    description: str = ""


def prompt_for(identity: Identity, user_prompt: str) -> str:
    """The prompt that asks for this person: "photo of {trigger}, {description}, {user_prompt}".

    Empty parts are left out.
    """
    parts = (f"photo of {identity.trigger}", identity.description, user_prompt.strip(" ,"))
    return ", ".join(part for part in parts if part)
