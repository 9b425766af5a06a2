"""What marks add up to, and who sees it: results, tables, gradebooks; no mark is made here."""
