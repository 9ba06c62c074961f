"""Models on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import RowMapping

from likeness.wire import Body, Record, Text, timestamp

Status = Literal["new", "training", "ready", "failed", "deleted"]


class ModelBody(Body):
    """The body of createOrUpdateModel: with `id` it changes what it names, else it creates."""

    id: Text | None = Field(None, description="only when updating")
    name: Text | None = None
    age: Annotated[float, Field(strict=True, ge=18, le=120)] | None = Field(
        None, description="years; the person must be 18 or older"
    )
    gender: Literal["Male", "Female"] | None = None
    ethnicity: Text | None = Field(None, description="free text, e.g. `south asian`")
    eyeColor: Text | None = Field(None, description="free text, e.g. `brown`")
    userID: Any = Field(None, description="ignored: the account is that of the key")

    def changes(self) -> dict[str, Any]:
        """Column values of the fields that were sent; null clears a field."""
        columns = {
            "name": "name",
            "gender": "gender",
            "ethnicity": "ethnicity",
            "eyeColor": "eye_color",
        }
        changes: dict[str, Any] = {
            column: getattr(self, field) or ""
            for field, column in columns.items()
            if field in self.model_fields_set
        }
        if "age" in self.model_fields_set:
            changes["age"] = self.age
        return changes


class ModelRecord(Record):
    """A model: metadata first, then photos, then a likeness."""

    id: str
    modelType: str
    status: Status
    name: str
    age: int | float | None
    gender: str
    ethnicity: str
    eyeColor: str
    userID: str
    trainingJobId: str = Field(description="job of the newest training, or empty")
    createdAt: str
    updatedAt: str


def model_record(row: RowMapping) -> ModelRecord:
    """The record of a row."""
    age: float | None = row["age"]
    return ModelRecord(
        id=row["id"],
        modelType="person",
        status=row["status"],
        name=row["name"],
        age=int(age) if age is not None and age.is_integer() else age,
        gender=row["gender"],
        ethnicity=row["ethnicity"],
        eyeColor=row["eye_color"],
        userID=row["account_id"],
        trainingJobId=row["training_job_id"] or "",
        createdAt=timestamp(row["created_at"]),
        updatedAt=timestamp(row["updated_at"]),
    )
