# make run: the page, with the sample articles.  make test: all tests.  make eval: the scores.
# Needs Python 3.11 or later.
PYTHON ?= python3
PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable

.PHONY: run test check eval install clean

run: $(RUN_READY)
	$(BIN)/mujaz serve --samples --port $(PORT)

test: $(TEST_READY)
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile

check: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(RUN_READY)
	$(BIN)/mujaz eval --baseline evals/baseline.json

install: $(RUN_READY)

$(RUN_READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Mujaz needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	@echo "Installing Mujaz into $(VENV); the first time takes a few minutes."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=26"
	$(INSTALL) .
	touch $@

$(TEST_READY): $(RUN_READY)
	@echo "Installing what the tests need (PyTorch among it)."
	$(INSTALL) '.[dev,sentence-transformers]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
