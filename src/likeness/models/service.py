"""Rules of models and adapters."""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.models.table import adapters, models
from likeness.store.database import Transaction
from likeness.store.ids import is_id, new_id

OWNED = select(models).where(models.c.account_id == bindparam("account"))
"""The models of one account, deleted ones included: where every read for a client starts."""

_BY_ID = OWNED.where(models.c.id == bindparam("id"))
_LIST = OWNED.where(models.c.status != "deleted").order_by(models.c.id.desc())


class ModelNotFound(Refusal):
    """There is no model with this id. GET /models lists the models of this account."""

    status = 404


def get_model(
    transaction: Transaction, account: Account, model_id: str, *, deleted: bool = False
) -> RowMapping:
    """A model of the account, held; a deleted one only when asked for. Raises `ModelNotFound`."""
    if is_id(model_id):
        row = transaction.hold(_BY_ID, account=account.id, id=model_id)
        if row is not None and (deleted or row["status"] != "deleted"):
            return row
    raise ModelNotFound


def hold_model(transaction: Transaction, model_id: str) -> None:
    """Let nobody else write about a model until the end; public models need not be held."""
    transaction.hold(select(models.c.id).where(models.c.id == model_id))


def list_models(transaction: Transaction, account: Account) -> Sequence[RowMapping]:
    """The account's models that are not deleted, newest first."""
    return transaction.all(_LIST, account=account.id)


def create_model(transaction: Transaction, account: Account, values: dict[str, Any]) -> RowMapping:
    """A new model without photos."""
    model_id = new_id()
    texts = {"name": "", "gender": "", "ethnicity": "", "eye_color": ""}
    transaction.execute(
        insert(models).values(
            {
                **texts,
                **values,
                "id": model_id,
                "account_id": account.id,
                "status": "new",
                "created_at": transaction.now,
                "updated_at": transaction.now,
            }
        )
    )
    return get_model(transaction, account, model_id)


def update_model(
    transaction: Transaction, account: Account, model_id: str, values: dict[str, Any]
) -> RowMapping:
    """Change the named columns of a model. Raises `ModelNotFound`."""
    get_model(transaction, account, model_id)
    change_model(transaction, model_id, **values)
    return get_model(transaction, account, model_id)


def change_model(transaction: Transaction, model_id: str, **values: Any) -> None:
    """Write columns of a model and the time of the change."""
    transaction.execute(
        update(models).where(models.c.id == model_id).values(**values, updated_at=transaction.now)
    )


def trigger_of(model_id: str) -> str:
    """The word that stands for this person in prompts: rare, and the same at every training."""
    return "lk" + hashlib.sha256(model_id.encode()).hexdigest()[:4]


def noun_of(model: RowMapping) -> Literal["man", "woman", "person"]:
    """What the person is called where nothing but the gender matters."""
    match model["gender"]:
        case "Male":
            return "man"
        case "Female":
            return "woman"
        case _:
            return "person"


def describe(model: RowMapping) -> str:
    """The person's class in words, e.g. `a 27 year old south asian woman with brown eyes`."""
    age = f"{model['age']:g} year old" if model["age"] is not None else ""
    eyes = f"with {model['eye_color'].strip()} eyes" if model["eye_color"].strip() else ""
    words = " ".join(f"{age} {model['ethnicity']} {noun_of(model)} {eyes}".split())
    vowel = words[0].lower() in "aeiou" or words.startswith(("8", "11", "18"))
    return f"{'an' if vowel else 'a'} {words}"


def add_adapter(transaction: Transaction, model: RowMapping, values: dict[str, Any]) -> str:
    """Record a trained adapter as the model's next version and make it the one in use."""
    version = transaction.scalar(
        select(func.coalesce(func.max(adapters.c.version), 0) + 1).where(
            adapters.c.model_id == model["id"]
        )
    )
    adapter_id = new_id()
    transaction.execute(
        insert(adapters).values(
            {
                **values,
                "id": adapter_id,
                "account_id": model["account_id"],
                "model_id": model["id"],
                "version": version,
                "created_at": transaction.now,
            }
        )
    )
    change_model(transaction, model["id"], adapter_id=adapter_id, status="ready")
    return adapter_id


def get_adapter(transaction: Transaction, adapter_id: str) -> RowMapping | None:
    """An adapter by its id, for the worker that serves it."""
    return transaction.one(select(adapters).where(adapters.c.id == adapter_id))


def bury(transaction: Transaction, model_id: str) -> None:
    """Leave of a model only its id, its owner and the moment of its deletion."""
    transaction.execute(delete(adapters).where(adapters.c.model_id == model_id))
    change_model(
        transaction,
        model_id,
        status="deleted",
        name="",
        age=None,
        gender="",
        ethnicity="",
        eye_color="",
        adapter_id=None,
        training_job_id=None,
        deleted_at=transaction.now,
    )


def not_erased(transaction: Transaction) -> Sequence[RowMapping]:
    """Deleted models, of all accounts, whose blobs may not be gone for good: for the sweeper."""
    query = select(models).where(models.c.status == "deleted", models.c.erased_at.is_(None))
    return transaction.all(query)
