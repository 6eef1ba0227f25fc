"""The schema `bi`: star views for BI tools, with comments in two languages. Their columns never change meaning."""
