"""Questions being written, until they are published; nothing here asks students."""
