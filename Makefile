# The two commands are `make demo` and `make test`; each sets up all it needs, from Python 3.11 or newer.

# The first of these that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
# Tests that start real tools share two cores at most; more workers only make them wait for each other.
WORKERS ?= 2

.PHONY: help demo test check unit bench chaos snapshots pictures wheel clean

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.demo ## set up, and open the app on real data that is being transformed
	$(BIN)/runroom demo $(DEMO)

test: $(VENV)/.test check ## set up, check the code, and run the whole suite
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

check: $(VENV)/.test ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

unit: $(VENV)/.test ## the tests that start no tool, in seconds
	$(BIN)/pytest -n $(WORKERS) -m "not real_tool" tests/store tests/engine tests/tui

bench: $(VENV)/.test ## the benchmarks, each as a table
	$(BIN)/pytest -s -p no:randomly --override-ini addopts="--import-mode=importlib" tests/benchmarks

chaos: $(VENV)/.test ## kill -9 everywhere
	$(BIN)/pytest tests/chaos

snapshots: $(VENV)/.test ## take the pictures of the screens again; look at them before you commit
	$(BIN)/pytest -n $(WORKERS) --snapshot-update -m snapshot tests/tui

pictures: $(VENV)/.test ## take again only the pictures that README.md shows
	$(BIN)/pytest --snapshot-update --shown-in README.md tests/tui

wheel: $(VENV)/.test ## build the package
	$(BIN)/python -m build --wheel

clean: ## remove what make made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Runroom needs Python 3.11 or newer; none was found. Use make PYTHON=/path/to/python." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.demo
