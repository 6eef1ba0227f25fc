"""What `chatwoot-assets doctor` looks at, one module per place. Each returns findings and prints nothing."""
