"""Reports of a period with the overview's numbers and charts, as a file for cron: HTML, PDF or Excel."""
