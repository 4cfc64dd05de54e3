# Everything starts here. Needs Python 3.11 or later, pip and make.

ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
endif
ARGS ?=
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test nightly bench check format docs lock python for-running for-testing

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

run: for-running ## start Onroll, the first time with a demonstration authority (PORT=8000)
	@.venv/bin/python scripts/run.py $(PORT)

test: for-testing ## run every test on both databases (ARGS="..." goes to pytest)
	@.venv/bin/python scripts/run_tests.py $(ARGS)

nightly: for-testing ## run the long tests too
	@ONROLL_NIGHTLY=1 .venv/bin/python scripts/run_tests.py $(ARGS)

bench: for-running ## measure how fast this machine does the work (ARGS="M1 --json")
	@.venv/bin/onroll bench $(ARGS)

check: for-testing ## format, lint, types, import contract, templates, migrations, generated docs
	@.venv/bin/python scripts/check.py

format: for-testing ## put the code in its one format
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

docs: for-testing ## write docs/generated and docs/map.md again
	@.venv/bin/python scripts/make_docs.py

lock: for-testing ## lock the newest versions that requirements/*.in allow
	@.venv/bin/python scripts/lock.py

for-running: python
	@"$(PYTHON)" scripts/environment.py base

for-testing: python
	@"$(PYTHON)" scripts/environment.py dev

python:
	@test -n "$(PYTHON)" || { echo "Onroll needs Python 3.11 or later. Install it, or name it: make run PYTHON=/path/to/python3"; exit 1; }
