"""What answers are worth: by graders, by people, and once more; no totals."""
