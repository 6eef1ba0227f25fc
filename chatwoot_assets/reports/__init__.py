"""Reports on a period with the overview's numbers and charts, as a file: HTML, PDF or Excel; and as a short message."""
