"""JSON for programs, one module a noun under v1; no page for people and no query lives here."""
