# Every target works on a machine with Python 3.11 and make.
PYTHON ?= python3.11
BIN := .venv/bin
export HF_HUB_OFFLINE ?= 1

.PHONY: scan setup system test train evaluate clean

scan: $(BIN)/annexscan ## scan the samples with the shipped bundle
	$(BIN)/annexscan scan data/samples --out runs/samples

$(BIN)/annexscan: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

setup: $(BIN)/.all ## install everything a developer needs
$(BIN)/.all: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[all]'
	touch $(BIN)/annexscan $@

system: ## Chromium for the browser tests, where this user may install it
	@command -v chromium >/dev/null \
	  || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "no Chromium: the browser tests will be skipped"

test: setup system ## lint, types, layers and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

train: setup ## the release recipe: about an hour on 2 cores
	$(BIN)/python training/train.py training/recipes/release.toml

evaluate: setup ## the evaluation report of the shipped bundle
	$(BIN)/python evaluation/evaluate.py

clean:
	rm -rf .venv runs build dist
