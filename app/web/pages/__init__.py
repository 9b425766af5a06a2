"""One module for each noun a person sees, with the routes of its pages; what they do is done by services."""
