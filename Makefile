# Everything that a fresh machine needs beside Python 3.11 and make is installed in .venv.
#   make demo         the sample data, from files to figures, findings and report
#   make test         every check that CI runs; pytest last
#   make docs         the documentation, in docs/_build/html
#   make pictures     the pictures of a case in the documentation, in Debian's chromium
#   make mutation     whether the tests notice one wrong thing; half an hour
#   make figures-full 200 random life courses in two languages, each page judged
#   make lint         style, types and floors
#   make format       put the sources in style
#   make constraints  renew the pinned versions, from a clean environment
#   make clean        remove what the above made
# Another interpreter: make test PYTHON=/path/to/python3.12

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint style types floors docs format constraints clean figures-full mutation pictures

VENV := .venv
BIN := $(VENV)/bin
OUT ?= levensloop-demo
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# The first interpreter of this list that is new enough, unless PYTHON names one.
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	if "$$name" -c '$(NEW_ENOUGH)' 2>/dev/null; then echo "$$name"; break; fi; done)

help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later found. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is older than Python 3.11." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.package: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing levensloop in $(VENV) ..."
	@$(PIP) install -c constraints.txt -e .
	@touch $@

# What checks need holds the package too, so that one pip run is enough.
$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing levensloop and what the checks need in $(VENV) ..."
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.package

demo: $(VENV)/.package
	@$(BIN)/levensloop demo --out $(OUT)

test: lint docs
	@$(BIN)/python -m pytest -n 2 --mpl --cov --cov-report=term-missing:skip-covered --benchmark-skip
	@$(BIN)/python -m pytest -q -p no:randomly --benchmark-only --benchmark-columns=min,median,rounds tests/test_kernel_cost.py

# Two hundred random life courses, each in Dutch and English: an hour on two processors.
figures-full: $(VENV)/.dev
	@LEVENSLOOP_FIGURES=200 $(BIN)/python -m pytest -n 2 -q tests/figures/test_acceptance.py

pictures: $(VENV)/.dev
	@$(BIN)/python docs/pictures.py

# What is changed, and which tests must notice, stands in pyproject.toml; docs/mutation.md tells what came of it.
mutation: $(VENV)/.dev
	@$(BIN)/python benchmarks/mutation.py

lint: style types floors

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/pyright --pythonpath $(BIN)/python

floors: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

docs: $(VENV)/.dev
	$(BIN)/sphinx-build -n -W --keep-going -q docs docs/_build/html

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later found. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	rm -rf build/constraints
	"$(PYTHON)" -m venv build/constraints
	build/constraints/bin/python -m pip --quiet install -e '.[dev]'
	sed -n '/^#/p' constraints.txt > build/constraints.txt
	build/constraints/bin/python -m pip freeze --exclude-editable >> build/constraints.txt
	mv build/constraints.txt constraints.txt

clean:
	rm -rf $(VENV) $(OUT) build dist docs/_build docs/api/generated docs/jupyter_execute
	rm -rf mutants .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
