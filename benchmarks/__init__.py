"""What `make bench` runs: each prints its figures, with a baseline measured in the same run, and fails below target."""
