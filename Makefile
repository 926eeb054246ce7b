# `make run` mines this checkout, `make test` runs the tests; each installs what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Empty files that record what is installed: to run, and to develop.
INSTALLED := $(VENV)/.installed
DEVELOPING := $(VENV)/.installed-dev
# With compiled modules the libraries load in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint docs bench clean

run: $(INSTALLED)
	$(BIN)/quarry run .

test: $(DEVELOPING)
	$(BIN)/pytest -n auto --dist loadfile

lint: $(DEVELOPING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar sql

docs: $(DEVELOPING)
	$(BIN)/python -m tests.docs_build

bench: $(DEVELOPING)
	$(BIN)/python -m tests.benchmarks.first_run
	$(BIN)/python -m tests.benchmarks.mining
	$(BIN)/python -m tests.benchmarks.memory
	$(BIN)/python -m tests.benchmarks.merges
	$(BIN)/python -m tests.benchmarks.nothing_new
	$(BIN)/python -m tests.benchmarks.trackers
	$(BIN)/python -m tests.benchmarks.prefect_share
	$(BIN)/python -m tests.benchmarks.build_models
	$(BIN)/python -m tests.benchmarks.file_rows

clean:
	rm -rf $(VENV)

$(INSTALLED): pyproject.toml constraints.txt
	$(call install,.)

$(DEVELOPING): pyproject.toml constraints.txt
	$(call install,.[dev])
	@touch $(INSTALLED)

# Use uv where it is installed, for speed; venv and pip do the same.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Quarry needs Python 3.11 or later; name one: make PYTHON=python3.12"; exit 1; }
	@command -v git > /dev/null || { echo "Quarry needs git 2.39 or later"; exit 1; }
	@if command -v uv > /dev/null; then \
		uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
		uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '$(1)'; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/pip install --quiet -c constraints.txt -e '$(1)'; \
	fi
	@touch $@
endef
