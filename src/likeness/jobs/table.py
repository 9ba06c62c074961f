"""Rows of jobs, of how accounts stand, and of what workers have at hand."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    literal_column,
    text,
)

from likeness.store.metadata import metadata

_QUEUED, _RUNNING = text("status = 'queued'"), text("status = 'running'")
_WAITING = text("waiting > 0")
_KEPT = text("checkpoint_key IS NOT NULL")

jobs = Table(
    "jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False),
    Column("model_id", String, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("payload", JSON, nullable=False),
    # What it costs: reserved while it is not over, spent when it succeeded, 0 when it failed.
    Column("credits", Integer, nullable=False, server_default=text("0")),
    # Who asked to hear of its end, beside the webhooks of the account; forgotten then.
    Column("webhook_url", String),
    # Which request it comes from, as the header `traceparent` has it.
    Column("trace", String),
    Column("error", String),
    # How far the attempt under way is.
    Column("stage", String),
    Column("step", Integer),
    Column("steps", Integer),
    Column("stage_at", Float),
    Column("progress_at", Float),
    # The claim: who works on it, by which token, until when.
    Column("attempt", Integer, nullable=False),
    Column("owner", String),
    Column("token", String),
    Column("lease_until", Float),
    # Where the next attempt goes on from.
    Column("checkpoint_key", String),
    Column("checkpoint_step", Integer),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    Index(
        "ix_jobs_queued",
        "account_id",
        "lane",
        "priority",
        "id",
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    ),
    Index("ix_jobs_running", "lease_until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    Index("ix_jobs_account_id_created_at_id", "account_id", "created_at", "id"),
    Index("ix_jobs_model_id", "model_id"),
    Index(
        "ix_jobs_checkpoint_key",
        "checkpoint_key",
        sqlite_where=_KEPT,
        postgresql_where=_KEPT,
    ),
)

standings = Table(
    "standings",
    metadata,
    Column("account_id", String, ForeignKey("accounts.id"), primary_key=True),
    Column("lane", String, primary_key=True),
    # The priority with its sign changed, so that who comes first is smallest.
    Column("rank", Integer, primary_key=True),
    # When it is the account's turn: no time of day, but how much it has had, by its weight.
    Column("at", Float, nullable=False),
    Column("waiting", Integer, nullable=False),
    Index(
        "ix_standings_waiting",
        "lane",
        "rank",
        "at",
        "account_id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(None, "rank", "lane", "at"),  # in this order, so that it is not taken for the other
)

at_hand = Table(
    "at_hand",
    metadata,
    Column("model_id", String, primary_key=True),
    Column("owner", String, primary_key=True),
    Column("until", Float, nullable=False),
)

# Indexes of some of the rows serve only statements that say literally which: a value that is bound
# later might be another.
QUEUED = jobs.c.status == literal_column("'queued'")
RUNNING = jobs.c.status == literal_column("'running'")
WAITS = standings.c.waiting > literal_column("0")
