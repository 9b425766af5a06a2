"""What people want done, one file per noun: rules and order of events; no SQL, no HTTP, no commit."""
