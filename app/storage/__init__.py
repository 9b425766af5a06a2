"""The database: tables, queries by noun, the transaction and the save lane; no rules of the house, no web."""
