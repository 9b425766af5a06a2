"""Courses and who is in them; no quizzes but to copy them."""
