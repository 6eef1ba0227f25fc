# Every target installs what it needs into .venv. `make demo` and `make test` leave nothing running.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup demo dashboard checks releases test test-quick lint docs soak bench tables lock image clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: .venv/ready ## Install everything into .venv

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
		|| { echo "error: $(PYTHON) is not Python 3.10 or newer; install it, or choose another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "error: $(PYTHON) cannot create virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing into .venv; the first time it takes a minute or two"
	@$(PIP) --progress-bar on --require-hashes -r requirements.lock
	@$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/ready ## Create a sample Chatwoot, load all days, show the summary
	@$(BIN)/chatwoot-assets demo

dashboard: .venv/ready ## Serve the dashboard on http://127.0.0.1:8501 until Ctrl-C; PORT=n changes the port
	@$(BIN)/chatwoot-assets dashboard $(if $(PORT),--port $(PORT))

checks: .venv/ready ## Run every check on a temporary sample; JUNIT=file also writes JUnit XML
	@$(BIN)/chatwoot-assets checks $(if $(JUNIT),--junit "$(JUNIT)")

releases: .venv/ready ## Deploy the views on the tables of every release of Chatwoot since 3.4
	$(BIN)/python -m pytest chatwoot_assets_tests/source/test_releases.py

test: .venv/ready $(if $(ARGS),,lint) ## Check style, types and SQL, then run all tests; ARGS="-k name" runs only some
	$(BIN)/python -m pytest --hypothesis-profile=ci $(or $(ARGS),$(PARALLEL))

test-quick: .venv/ready ## Run the tests that need neither a server nor a browser
	$(BIN)/python -m pytest $(PARALLEL) -m "not postgres and not browser and not slow" $(ARGS)

lint: .venv/ready ## Check style, types, imports, spelling and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/codespell
	$(BIN)/sqlfluff lint sql --disable-progress-bar
	$(BIN)/dg check defs

docs: .venv/ready ## Build the documentation as a site into site/
	rm -rf build/docs && mkdir -p build/docs
	cp -r --parents README*.md CHANGELOG.md SECURITY.md docs benchmarks/README.md sql/chatwoot build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

soak: .venv/ready ## Test 10,000 steps of random histories; STEPS=n and SEED=n change that
	$(BIN)/python -m chatwoot_assets_tests.soak --steps $(or $(STEPS),10000) $(if $(SEED),--seed $(SEED))

bench: .venv/ready ## Run most benchmarks, on samples in .bench (30 GB, an hour); BENCH="scans dlt" selects
	@for name in $(or $(BENCH),source_cost indexes scans refresh memory dashboard backfill distant dlt); do \
		echo "measuring $$name" >&2; $(BIN)/python -m benchmarks $$name || exit 1; done

tables: .venv/ready ## Write the tables of docs/tables.md from the declared columns
	@$(BIN)/python -m chatwoot_assets_tests.tables_page

lock: .venv/ready ## Resolve the newest allowed dependencies into requirements.lock and the image's
	$(PIP) "uv>=0.5"
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --extra dashboard --extra mcp --extra report --extra dev --extra docs --upgrade \
		--generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-annotate -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --extra dashboard --extra mcp --extra report --constraints requirements.lock \
		--generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-annotate -o deploy/requirements.lock \
		pyproject.toml deploy/requirements.in

image: ## Build the container image and run the demo in it; needs root and apt; BASE=image changes its base
	BASE="$(BASE)" .ci/image

clean: ## Remove the environment and all local data, the demo's databases included
	rm -rf .venv .data .bench build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
