"""Two real questions for the tests of drawings and surveys, and who answers them."""

QUESTIONS = ("halloween-bonus", "halloween-6")
STUDENTS = ("dora", "dean", "dina", "dirk", "dotty")
INSTRUCTOR = "ines-of-drawings"
COURSE = "Drawings"
QUIZ = "The end of the paper"
