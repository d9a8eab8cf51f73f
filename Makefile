# Qianmian: every task has one name here. Needs Python 3.11 or later, git and make.

PYTHON  ?= python3
# One more than the two processors of CI: tests wait for browsers, servers and disks for a good third of their time.
WORKERS ?= 3
ARGS    ?=
NAME    ?=
SIZE    ?= small
N       ?= 60

BIN   := .venv/bin
READY := .venv/.ready
BENCH := .venv/.ready-bench
NODE  := .venv/.ready-node
SPARK := .venv/.ready-spark
DIST  := src/qianmian/http/dist/index.html
# Tests of what is kept in a database, run once more on a server.
KEEPING := tests/app/access tests/app/intake tests/app/tracking \
	$(patsubst %,tests/app/test_%.py,audiences backup collecting details erase flusher health identity_review jobs purposes sources tracked_links traffic workspace) \
	$(patsubst %,tests/http/test_%.py,doors links plan sign_in sources)

# Tests start many processes: none compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE
# Each worker begins at its own end of the tests and takes from the other when it is through: what the tests of a module or
# a folder share is made once, seldom twice.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check fix console clients spark bench faults docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## make .venv with the locked dependencies and this package

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or later is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "hint: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(BENCH): $(READY) benchmarks/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r benchmarks/requirements.lock
	@touch $@

$(NODE): $(READY) console/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r console/requirements.lock
	@touch $@

demo: $(READY) $(DIST) ## a generated shop from raw files to an open console; options in ARGS="…"
	$(BIN)/qianmian demo $(ARGS)

test: $(READY) ## everything: check, console, all tests and doctests, some once more on PostgreSQL
	@$(MAKE) --no-print-directory --jobs=2 check $(DIST) tests/clients/node_modules/.ready
	$(PYTEST)
	QIANMIAN_TEST_DATABASE=server $(PYTEST) $(KEEPING)

check: $(READY) ## format, lint, types and layers, in under a minute
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: $(READY) ## format, and mend what the linter can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

console: $(DIST) ## build the console from console/ into the package, with node from a wheel

$(SPARK): $(READY) tests/conformance/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r tests/conformance/requirements.lock
	@touch $@

console/node_modules/.ready: $(NODE) console/package.json console/package-lock.json console/.npmrc
	cd console && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-progress
	@touch $@

$(DIST): console/node_modules/.ready console/openapi.json $(wildcard console/*.ts console/index.html) \
		$(shell find console/src console/public -type f)
	cd console && PATH="$(CURDIR)/$(BIN):$$PATH" && npm run types && npm run check && npm run build
	@touch $@

clients: tests/clients/node_modules/.ready ## install the tracking SDKs for Node and browsers, for their tests

tests/clients/node_modules/.ready: $(NODE) tests/clients/package.json tests/clients/package-lock.json tests/clients/.npmrc
	cd tests/clients && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-progress --ignore-scripts
	@touch $@

spark: $(SPARK) ## install Spark (a download of 414 MiB), for its tests and benchmark; it needs Java 17

ifeq ($(NAME),)
bench: ## list the benchmarks; run one with NAME=… SIZE=small|full
	@for file in benchmarks/[a-z]*.py; do test -e "$$file" || continue; \
		printf '  make bench NAME=%-12s %s\n' "$$(basename "$$file" .py)" "$$(sed -n '1s/"""//gp' "$$file")"; done

faults: ## list the fault tests; run one with NAME=kill9 N=60
	@for file in tests/faults/[a-z]*.py; do case "$$file" in *'*'*|*/test_*|*/conftest.py) continue;; esac; \
		printf '  make faults NAME=%-12s %s\n' "$$(basename "$$file" .py)" "$$(sed -n '1s/"""//gp' "$$file")"; done
else
bench: $(BENCH)
	@$(BIN)/python -m benchmarks.$(NAME) --size $(SIZE)

faults: $(READY)
	@$(BIN)/python -m tests.faults.$(NAME) --trials $(N) $(ARGS)
endif

docs: $(READY) ## write the generated references under docs/reference again
	$(BIN)/python -m docs.generate

lock: $(READY) ## resolve the dependencies again, for every platform
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--group dev --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--constraints requirements.lock --group bench -o benchmarks/requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--constraints requirements.lock --group console -o console/requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--constraints requirements.lock --group spark -o tests/conformance/requirements.lock

clean: ## remove .venv and everything that tools left behind
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
	rm -rf console/node_modules tests/clients/node_modules src/qianmian/http/dist
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
