"""Who somebody is: accounts, signing in, passwords, programs' tokens, and what is kept about a person; no courses."""
