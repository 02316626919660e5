"""What we do: one verb, one function, one commit."""
