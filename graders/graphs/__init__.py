"""Computational graphs: executed on random inputs, taken apart, differentiated, and repaired by one step."""
