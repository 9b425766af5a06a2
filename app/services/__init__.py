"""What people want done, one file per noun: rules and order of events; no SQL, no HTTP, no commit.

A room for each thing that people come for: `accounts`, `courses`, `bank`, `drafts`, `quizzes`, `sitting`, `marking`,
`results`, and `operating` for those who run it.
"""
