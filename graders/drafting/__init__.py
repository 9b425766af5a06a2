"""Saying as much as can be said about a question that is still being written."""
