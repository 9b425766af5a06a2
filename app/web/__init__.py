"""Pages for people: routes, templates, styles and scripts; no rule of grading and no query lives here."""
