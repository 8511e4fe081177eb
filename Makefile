# `make help` lists the commands. All stand on `make setup`, which costs nothing when nothing changed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE  # without .pyc files every command takes twice the time

KUZNITSA := .venv/bin/kuznitsa
PYTEST := .venv/bin/python -m pytest
POSTGRES := .venv/bin/python scripts/postgres.py
PEERS := PYTHONPATH=.tools/peers .venv/bin/python  # what the benchmarks stand beside; never a dependency
CATALOGUES := $(shell find kuznitsa -name '*.po')
LOOPS := $(shell grep -rlE '^@loop|^MODULES' kuznitsa/engines --include='*.py')
VENDOR := kuznitsa/ui/static/vendor
# Once the development packages are in .venv they stay: `make demo` does not take them out.
LOCK := $(if $(wildcard .venv/dev.stamp)$(filter dev test check lint messages,$(MAKECMDGOALS)),dev,base)
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help setup dev demo test check lint bench world messages lock clean
help:  ## this list
	@awk -F ':.*  ## ' '/^[a-z]+:.*  ## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

READY := .venv/$(LOCK).stamp .venv/assets.stamp .venv/messages.stamp
setup: $(READY) .venv/loops.stamp  ## everything that running needs; leaves .venv/bin/kuznitsa
dev: setup  ## everything that developing needs
	@:

demo: $(READY)  ## the demonstration world on 127.0.0.1:8000; STAGE=need|agreed|applying|allocated|practice|hired, RESET=1
	@$(MAKE) --question .venv/loops.stamp 2>/dev/null || nice $(MAKE) .venv/loops.stamp </dev/null >/dev/null 2>&1 &
	@$(KUZNITSA) demo $(if $(STAGE),--stage $(STAGE)) $(if $(RESET),--reset) --host $(HOST) --port $(PORT)

test: setup  ## all checks, and all tests on SQLite (in a browser, too) and on PostgreSQL
	@scripts/system-packages.sh test
	@scripts/lint.sh
	$(PYTEST) -n 2
	$(POSTGRES) run -- $(PYTEST) -n 2

check: setup  ## the everyday part: all checks, and the tests on SQLite without a browser and without the sweeps
	@scripts/lint.sh
	$(PYTEST) -n 2 -m "not browser and not sweep"

lint: setup  ## the checks without the tests
	@scripts/lint.sh

world: setup  ## a world of 100 clusters, 50,000 people and 2 million facts in var/world.sqlite3
	$(KUZNITSA) world

bench: setup .tools/peers.stamp  ## how fast the engines are beside their peers, and the pages over that world, on both databases
	@scripts/system-packages.sh bench
	$(PEERS) -W ignore -m benchmarks.allocation
	.venv/bin/python -m benchmarks.campaign --keep
	$(PEERS) -m benchmarks.planning
	$(PEERS) -m benchmarks.timetabling --seconds 10
	$(PEERS) -m benchmarks.tally
	$(KUZNITSA) world
	$(KUZNITSA) bench
	$(POSTGRES) run --data var/postgres -- sh -c '$(KUZNITSA) world && $(KUZNITSA) bench'

messages: setup  ## collects the texts of every application into its catalogues, and compiles them
	@scripts/messages.sh
	@.tools/bin/python build_backend/messages.py

lock: .venv/base.stamp  ## new versions in requirements/ and package-lock.json
	@scripts/lock.sh

clean:  ## removes what set-up and the demonstration made
	rm -rf .venv .tools var build dist $(VENDOR) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find kuznitsa config tests -name __pycache__ -prune -exec rm -rf {} +
	find kuznitsa -name '*.mo' -delete

.venv/%.stamp: requirements/%.txt requirements/tools.txt scripts/setup.sh
	@echo "make: installing requirements/$*.txt"
	@scripts/setup.sh $*
	@touch $@

.venv/assets.stamp: package.json package-lock.json build_backend/frontend.py | .venv/$(LOCK).stamp
	@.tools/bin/python build_backend/frontend.py
	@touch $@

.venv/messages.stamp: $(CATALOGUES) build_backend/messages.py | .venv/$(LOCK).stamp
	@.tools/bin/python build_backend/messages.py
	@touch $@

.tools/peers.stamp: requirements/peers.txt | .venv/$(LOCK).stamp
	@echo "make: installing requirements/peers.txt beside the project"
	@rm -rf .tools/peers
	@.tools/bin/uv pip install --quiet --require-hashes --python .venv/bin/python --target .tools/peers -r $<
	@touch $@

# The engines' loops, as machine code: some 20 s once. The demonstration does not wait for them.
.venv/loops.stamp: $(LOOPS) | .venv/$(LOCK).stamp
	@echo "make: compiling the loops of the engines"
	@$(KUZNITSA) compile >/dev/null
	@touch $@
