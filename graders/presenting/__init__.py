"""Shows a variant: templates, Markdown and figures as safe HTML; nothing here draws values or grades."""
