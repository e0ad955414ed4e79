"""Alembic's entry: runs on the connection that `migrations.upgrade` hands over."""

from alembic import context

from service.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=False,
    compare_server_default=True,
)
context.run_migrations()
