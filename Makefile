# `make run` mines this checkout, `make test` runs the tests; each installs what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Empty files that record what is installed: to run, and to develop.
INSTALLED := $(VENV)/.installed
DEVELOPING := $(VENV)/.installed-dev
# With compiled modules the libraries load in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint docs bench lock sbom clean

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

# The libraries with the hashes of their files, for all systems and Pythons; uv alone can do this.
lock:
	uv pip compile --quiet pyproject.toml -c constraints.txt --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -o $(VENV)/requirements-hashed.txt
	(sed -n '/^#/p' requirements-hashed.txt; cat $(VENV)/requirements-hashed.txt) > $(VENV)/lock
	mv $(VENV)/lock requirements-hashed.txt

# A CycloneDX document of an installation whose files were checked; the tool has a place of its own.
sbom:
	mkdir -p dist
	$(PYTHON) -m venv --clear $(VENV)/released
	$(VENV)/released/bin/pip install --quiet --no-deps --require-hashes -r requirements-hashed.txt
	$(VENV)/released/bin/pip install --quiet --no-deps .
	$(PYTHON) -m venv --clear $(VENV)/sbom
	$(VENV)/sbom/bin/pip install --quiet 'cyclonedx-bom==7.5.0'
	$(VENV)/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		-o dist/sbom.cdx.json $(VENV)/released/bin/python

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
