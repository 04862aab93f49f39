# Every chore of the house. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help install dev demo run test explore check format bench docs lock clean

help: ## list the chores
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

.venv/run.stamp: requirements/run.txt pyproject.toml scripts/install.py
	@$(PYTHON) scripts/install.py run

.venv/dev.stamp: requirements/dev.txt pyproject.toml scripts/install.py
	@$(PYTHON) scripts/install.py dev

install: .venv/run.stamp ## create the virtual environment with what Raccord needs to run
dev: .venv/dev.stamp ## the same, with what its tests need

demo: .venv/run.stamp ## the whole story against a simulated Chorus Pro (make demo ARGS=--once stops by itself)
	@$(BIN)/raccord demo $(ARGS)

run: .venv/run.stamp ## the gateway alone, with the settings of .env
	@$(BIN)/raccord serve $(ARGS)

test: check ## everything that must pass before a change lands
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

explore: .venv/dev.stamp ## draw other examples than those of the suite (ARGS=tests/raccord/formats for some of them)
	$(BIN)/pytest -n 2 --dist loadfile --hypothesis-profile explore $(ARGS)

check: .venv/dev.stamp ## style, types, and the direction of the arrows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp ## put the code in the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp ## measure (prints a table, writes benchmarks/results/*.json)
	$(BIN)/python -m benchmarks $(ARGS)

docs: .venv/dev.stamp ## write again the reference pages that are made from the code
	@for page in scripts/reference_*.py; do echo $$page; $(BIN)/python $$page; done

lock: .venv/dev.stamp ## compile the lock files again (needs uv)
	scripts/lock.sh

clean: ## remove the virtual environment and the caches (never ./var)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
