"""What pydantic found wrong, in words for people."""

from pydantic import ValidationError


def mistakes(error: ValidationError) -> list[str]:
    """One line for each mistake: `place: what is wrong`, its place in dots, if it has one."""
    lines: list[str] = []
    for detail in error.errors():
        lines.append(mistake([str(part) for part in detail["loc"]], detail["msg"]))
    return lines


def mistake(place: list[str], message: str) -> str:
    """One such line. pydantic says "Value error, " before what our own validators say."""
    dotted = ".".join(place)[:100]
    said = message.removeprefix("Value error, ")
    return f"{dotted}: {said}" if dotted else said
