"""The partnership's rules as plain Python: no Flask, no database, today is always an argument."""
