"""Quizzes as their staff set them up: questions, rules, dates, papers; nobody sits one here."""
