"""Measures Gradus beside something simple, in the same run; nothing here is part of the product."""
