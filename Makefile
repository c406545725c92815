# Everything a person or a build runs. Each target makes the virtual environment it needs, once.
#
#   make report    judge the sample logs and show the report
#   make test      the tests; as root on Debian it installs Chromium, qpdf and poppler for them, once
#   make lint      style of Python and SQL, and which module may import which
#   make types     mypy, strict
#   make attack    attack everything anew, and write docs/attacks.md (N=2: twice as often)
#   make docs      the pages of docs/ as a site (build/site) and as manual pages (build/man)
#   make pictures  the pictures that README.md shows, drawn anew from the sample logs
#   make bench     how fast this machine reads and judges
#   make clean     remove what make made
#
# LOGS=... names other logs for `make report`; ARGS=... is handed on to the command that runs.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help report programs test lint types attack docs pictures bench clean

VENV := .venv
BIN := $(VENV)/bin
LOGS ?= sample_logs
ARGS ?=
N ?= 1

help:
	@sed -n 's/^#   make/make/p' Makefile

# The stamp is as new as the last install, so pip runs when pyproject.toml has changed and at no
# other time. It is written last: an install that failed half-way is done again.
STAMP := $(VENV)/.installed

$(STAMP): pyproject.toml
	@python=; \
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	        >/dev/null 2>&1; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo 'auditscan needs Python 3.11 or newer with venv, and none is on the PATH.' >&2; \
	    echo 'Install one (on Debian: apt install python3 python3-venv),' >&2; \
	    echo 'or name it: make PYTHON=/path/to/python3 ...' >&2; \
	    exit 1; \
	fi; \
	echo "preparing $(VENV) with $$("$$python" --version)" >&2; \
	"$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

report: $(STAMP)
	@$(BIN)/auditscan report $(LOGS) $(ARGS)

# Tests look at documents by programs of others; what needs one that is neither here nor may be installed is skipped.
programs:
	@missing=; \
	[ -x /usr/lib/chromium/chromium ] || command -v chromium >/dev/null 2>&1 \
	    || command -v google-chrome >/dev/null 2>&1 || missing=chromium; \
	command -v qpdf >/dev/null 2>&1 || missing="$$missing qpdf"; \
	command -v pdftotext >/dev/null 2>&1 || missing="$$missing poppler-utils"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing for the tests, once:" $$missing >&2; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends $$missing >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "what needs them is not tested (on Debian: apt install" $$missing")" >&2

test: $(STAMP) programs
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 0 queries
	@$(BIN)/lint-imports

types: $(STAMP)
	@$(BIN)/mypy

attack: $(STAMP)
	@PYTHONPATH=tests $(BIN)/python -m attacks --times $(N) --write $(ARGS)

docs: $(STAMP)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@PYTHONPATH=tests $(BIN)/python -m tools.make_commands_page build/man
	@echo 'build/site/index.html, and build/man'

pictures: $(STAMP) programs
	@cd tests && ../$(BIN)/python -m tools.make_pictures

bench: $(STAMP)
	@$(BIN)/python -m bench $(ARGS)

clean:
	@rm -rf $(VENV) build dist src/*.egg-info
	@rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
