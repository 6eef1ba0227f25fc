"""What the product costs and how fast it is, beside what people would use instead; see README.md."""
