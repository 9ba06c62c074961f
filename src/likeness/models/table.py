"""Rows of models and adapters."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table, UniqueConstraint

from likeness.store.metadata import metadata

models = Table(
    "models",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("age", Float),
    Column("gender", String, nullable=False),
    Column("ethnicity", String, nullable=False),
    Column("eye_color", String, nullable=False),
    Column("status", String, nullable=False),
    Column("adapter_id", String),
    Column("training_job_id", String),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("deleted_at", Float),
    Column("erased_at", Float),
)

adapters = Table(
    "adapters",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False),
    Column("model_id", String, ForeignKey("models.id"), nullable=False),
    Column("job_id", String, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("base", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("description", String, nullable=False),
    Column("blob_key", String, nullable=False, unique=True),
    Column("recipe", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("model_id", "version"),
)
