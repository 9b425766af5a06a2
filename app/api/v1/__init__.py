"""The first version of the API: what is here is kept, changes go into another version."""
