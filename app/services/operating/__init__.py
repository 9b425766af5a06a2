"""Running an installation: duties, letters, events for other programs, backups, the demo; nothing about marks."""
