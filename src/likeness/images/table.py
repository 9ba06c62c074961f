"""Rows of images."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from likeness.store.metadata import metadata

images = Table(
    "images",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False),
    Column("model_id", String, nullable=False),
    Column("job_id", String),
    Column("position", Integer),
    Column("type", String, nullable=False),
    Column("blob_key", String, nullable=False, unique=True),
    Column("upscaled_id", String),
    Column("data", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    # A job has one picture at each position, whatever workers do.
    UniqueConstraint("job_id", "position"),
    Index(None, "model_id", "type", "id"),
    Index(None, "model_id", "id"),
    Index(None, "upscaled_id"),
)
