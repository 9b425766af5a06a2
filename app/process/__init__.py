"""How a process of Gradus treats its memory, whatever it is for: standard library only, known to every room."""
