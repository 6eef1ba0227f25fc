"""The dashboard's numbers outside of the dashboard: for assistants (Model Context Protocol), and for reports."""
