"""Sitting a quiz, from its door to the receipt, and watching over it; nothing is marked here."""
