"""What the Makefile's verbs call: getting ready, running, testing, checking. No part of the app."""
