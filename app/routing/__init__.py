"""How requests come in, for pages and programs alike: routes, turns, transactions; no address and no answer is here."""
