"""Worlds, variants, observing and rubric credit: how one answer becomes exact points; no prompts, no files, no clock."""
