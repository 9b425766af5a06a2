"""Whether a short text makes a claim: words, clauses, polarity, roles and evidence; nothing here knows a question."""
