"""Between files and the domain: the bank's YAML folders; pure reading, no database, no grading."""
