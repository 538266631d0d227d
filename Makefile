# Two commands do everything: `make run` opens the dashboard, `make test` runs all tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
READY := $(VENV)/.ready
PACKAGES_DEV := $(VENV)/.packages-dev
READY_DEV := $(READY) $(PACKAGES_DEV)
PORT ?= 8501

# kernels are compiled while packages for the tests are installed
MAKEFLAGS += --jobs=2

# compiled modules and tests are kept, whatever the shell says: compiling all tests anew takes longer than collecting them
unexport PYTHONDONTWRITEBYTECODE

# tests run side by side, a file or a group of them on one worker; their scratch files are in memory if there is room
SCRATCH := $(shell test -w /dev/shm && test $$(df -Pk /dev/shm | awk 'END {print $$4}') -gt 2000000 && echo TMPDIR=/dev/shm)
TESTS := $(SCRATCH) $(BIN)/python -m pytest tests --ignore=tests/bench -p no:benchmark -p no:logging -n auto --dist loadgroup --no-loadscope-reorder

.PHONY: run test quick thorough bench benches lint lock sample docs words clean

run: $(READY)
	@$(BIN)/python cli.py serve --port $(PORT)

# everything
test: $(READY_DEV)
	$(TESTS)

# while one works: what needs neither browser, server of any kind, large official files, other programs, whole reports nor places made up for one test
quick: $(READY_DEV)
	$(TESTS) --quick

# everything, with many more examples, on both databases
thorough: $(READY_DEV)
	$(TESTS) --thorough

bench: $(READY_DEV)
	$(BIN)/python -m pytest tests/bench --benchmark-only -p no:cacheprovider

# each bench once without measuring, so that none of them rots; the two longest are left to `make bench`, and people add
# marks for two seconds here, not for a minute
benches: $(READY_DEV)
	$(SCRATCH) PRAMSHED_SOAK_SECONDS=2 $(BIN)/python -m pytest tests/bench --benchmark-disable -m "not long" -p no:cacheprovider -n auto --maxprocesses 4 --dist loadgroup

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# the bundled place, from packages of the Python package index and the table of figures beside the recipe
sample: $(READY_DEV)
	$(BIN)/python -m data.sample.isle_of_wight.recipe

# the parts of docs/ that come from the code: sources, tables, commands, modules
docs: $(READY_DEV)
	$(BIN)/python -m docs.generate

# the template and the catalogues of the community pages' languages, in step with what the pages say
words: $(READY_DEV)
	$(BIN)/python -m layers.i18n.catalogues

lock: $(READY_DEV)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

# the virtual environment; of the packages Python compiles what it imports, an eighth of their modules, when it first does
$(PACKAGES): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pramshed needs Python 3.11 or later; make PYTHON=python3.12 names another")'
	@echo "Setting up in $(VENV), once: a virtual environment"
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "  packages, about 1.5 GB; this takes some minutes"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt
	@touch $@

# the walking kernels, compiled once so that nobody waits for them
$(READY): $(PACKAGES) geo/paths.py geo/k_nearest.py geo/topology.py
	@echo "  compiling the code that searches the streets"
	@$(BIN)/python -c "from geo.access import compile_kernels; compile_kernels()"
	@touch $@

$(PACKAGES_DEV): $(PACKAGES) requirements-dev.txt
	@echo "  packages for the tests"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV)
