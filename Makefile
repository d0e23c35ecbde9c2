# Two commands set everything up: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(name) 2>/dev/null),$(name))))
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q

ARCHETYPES := $(filter-out demo,$(basename $(notdir $(wildcard campaigns/*.yaml))))

.DEFAULT_GOAL := help
.PHONY: help demo gallery test lint check bench emulator crash clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.app ## install adcli and make the demo campaign's videos, offline and for free
	$(BIN)/adcli run campaigns/demo.yaml

gallery: $(VENV)/.app ## make every archetype's campaign and draw its contact sheets into docs/gallery
	for name in $(ARCHETYPES); do \
	  $(BIN)/adcli run campaigns/$$name.yaml --quality preview -q --state $(VENV)/gallery || exit 1; \
	  $(BIN)/adcli report campaigns/$$name.yaml --quality preview --state $(VENV)/gallery \
	    --out docs/gallery/$$name --height 320 --format jpg || exit 1; \
	done

test: $(VENV)/.dev ## run all tests
	$(BIN)/pytest

lint: $(VENV)/.dev ## style, types, layers and sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy adcli tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/python -m tests.sizes

check: lint test ## what CI does

bench: $(VENV)/.dev ## measure planning, re-running and rendering against their floors
	$(BIN)/python -m benchmarks.planning
	$(BIN)/python -m benchmarks.render.floor

emulator: $(VENV)/.dev ## run all paid services on this machine, free, and print what to export
	@mkdir -p $(VENV)/emulator
	$(BIN)/python -m tests.emulator --exports --port 8799 --ledger $(VENV)/emulator/charges.jsonl

crash: $(VENV)/.dev ## kill buying runs 2,000 times and count what was paid twice
	$(BIN)/python -m benchmarks.kills --kills 2000 --seed 1

clean: ## remove the environment and what the demo made
	rm -rf $(VENV) campaigns/out campaigns/.adcli

$(VENV)/.pip:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.app: $(VENV)/.pip pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.app
	$(PIP) install -c constraints.txt -e . --group dev
	@touch $@
