"""Groups of commands that `app.cli` puts together; like it, they import nothing heavy before they need it."""
