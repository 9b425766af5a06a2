"""Duties: what must happen later, however often the process dies before; what they do is in services."""
