"""Sketches judged by geometry: lines against the data they are drawn into, arrows against directions."""
