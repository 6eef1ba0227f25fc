"""The dashboard's numbers outside of the dashboard: for AI assistants (Model Context Protocol), and for reports."""
