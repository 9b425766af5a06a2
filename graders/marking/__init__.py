"""Worlds, variants, observing and rubric credit: how an answer becomes exact points; no prompts, no files."""
