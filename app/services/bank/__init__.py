"""The question bank: reading, searching, trying and handing on its questions; drafts are written elsewhere."""
