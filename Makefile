SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
T ?=

# What WeasyPrint, its fonts and the browser tests need from the system.
PACKAGES_RUN := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk
PACKAGES_TEST := chromium poppler-utils

.DEFAULT_GOAL := help

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

run: install translations ## Start the demonstration on http://127.0.0.1:8000 (PORT= for another).
	@tools/run.sh $(PORT)

test: install-dev translations check ## Everything that must hold: check, then the whole suite on both databases.
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q --durations=10 $(T)

check: install-dev translations ## Lint, format, types, imports, translations, curriculum.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/python -m tools.translations check
	$(BIN)/python -m tools.curriculum

bench: install-dev translations ## Measure CPU, statements and bytes on both databases (about six minutes).
	$(BIN)/python -m tools.bench

soak: install-dev translations ## Kill server and worker at random moments and look for what was lost (SEED=, KILLS=).
	$(BIN)/python -m tools.soak $(if $(SEED),--seed $(SEED)) $(if $(KILLS),--kills $(KILLS))

wheel: install-dev translations ## Build the wheel into dist/.
	$(BIN)/python -m build --wheel --no-isolation

translations: install ## Compile the translations.
	@$(BIN)/python -m tools.translations compile

messages: install-dev ## Take new texts up into the catalogues of translations.
	$(BIN)/python -m tools.translations update

format: install-dev ## Format the code.
	$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

lock: install-dev ## Pin the dependencies anew from pyproject.toml.
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

install: $(VENV)/.run
install-dev: $(VENV)/.dev

$(VENV)/.run: requirements.txt
	@tools/packages.sh $(PACKAGES_RUN)
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/packages.sh $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@tools/packages.sh $(PACKAGES_TEST)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: help run test check bench soak wheel translations messages format lock install install-dev
