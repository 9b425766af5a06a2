"""Finished sentences of the rooms below, said in the language of the request."""

SENTENCE = "sentence"
