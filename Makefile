# Two commands do all the set-up: `make run` and `make test`. `make` alone lists the rest.

MAKEFLAGS += --no-print-directory --no-builtin-rules
PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check format migration bench screenshots lock ready-to-run ready-to-test

help: ## List these verbs.
	@awk -F ': ## ' '/^[a-z]+: ## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

run: ## Set up what is missing, then serve with demo data on http://127.0.0.1:8000 (PORT=8001 make run).
	@setup/ready run
	@exec $(PYTHON) -m setup.run

test: ## Set up what is missing, then run every test.
	@setup/ready test
	@exec $(PYTHON) -m setup.test

check: ## Lint, types, import contracts, migrations in step with the models.
	@setup/ready test
	@$(PYTHON) -m setup.check

format: ## Put Python into the house format and mend what can be mended safely.
	@setup/ready test
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

migration: ## Write a migration from the models: make migration m="add a column".
	@[ -n "$(m)" ] || { echo 'Say what changes: type  make migration m="add a column"' >&2; exit 1; }
	@setup/ready test
	@$(PYTHON) -m setup.migrations "$(m)"

bench: ## Measure speed and memory against the targets.
	@setup/ready test
	@exec $(PYTHON) -m setup.bench $(only)

screenshots: ## Take docs/screenshots again from the running app.
	@setup/ready test
	@exec $(PYTHON) docs/screenshots/take.py

lock: ## Pin the newest versions that pyproject.toml allows.
	@setup/ready test
	@exec $(PYTHON) -m setup.lock
