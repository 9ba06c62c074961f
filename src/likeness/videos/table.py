"""Rows of videos."""

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

videos = Table(
    "videos",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False),
    Column("model_id", String, nullable=False),
    Column("job_id", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("blob_key", String, nullable=False, unique=True),
    Column("data", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    # A job has one video at each position, whatever workers do.
    UniqueConstraint("job_id", "position"),
    Index(None, "account_id", "id"),
)
