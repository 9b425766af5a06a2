"""Drawings made from values, one file per kind, each a pure function to a canvas; no files, no styles."""

from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.gallery import DRAWINGS, draw

__all__ = ["DRAWINGS", "Canvas", "DrawingError", "draw"]
