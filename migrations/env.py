"""Runs the migrations on the connection that app.storage.schema gives; there is no other way in.

Rules for a migration: it works on SQLite and PostgreSQL, keeps every row that a live attempt needs, imports
nothing from `app` (the tables of tomorrow are not those of today), and is tested on both engines.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=context.config.attributes.get("metadata"))
with context.begin_transaction():
    context.run_migrations()
