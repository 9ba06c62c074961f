"""Endpoints of the contract that this server does not have yet: each says so, with 404."""

from fastapi import APIRouter

from likeness.errors import Refusal

LATER = (
    ("POST", "/videos/generation"),
    ("GET", "/videos"),
    ("GET", "/videos/{videoID}"),
    ("DELETE", "/videos/{videoID}"),
    ("GET", "/videos/{videoID}/create-download"),
    ("GET", "/videos/{videoID}/download"),
)

router = APIRouter()


class NotBuiltYet(Refusal):
    """This server does not have this endpoint yet. /api/docs lists those that it has."""

    status = 404


async def _refuse() -> None:
    raise NotBuiltYet


for _method, _path in LATER:
    router.add_api_route(_path, _refuse, methods=[_method], include_in_schema=False)
