"""Files that people upload, turned into plain pages: whatever else was in a file does not survive."""
