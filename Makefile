# Two commands are enough to begin: `make run` serves a demo clinic, `make test` proves the whole thing.

PORT ?= 8000
DATA ?= data
TESTS ?=
BIN := .venv/bin

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test faults lint format lock bench bench-planner pictures phone phone-pictures

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: ## Serve the demo clinic; PORT=8000 DATA=data choose where and on which folder
	@sh scripts/set_up.sh server planner
	@$(BIN)/python -m server.planner.clinic.warm_up
	@sh scripts/console_packages.sh
	@exec $(BIN)/tandem serve --port "$(PORT)" --data "$(DATA)"

WINDOW_TESTS = SDL_VIDEODRIVER=offscreen $(BIN)/pytest -m window tests/mobile
# Each process begins with a stretch of its own, so what a file's tests share is made but once; whoever is
# through first takes over half of what another has left.
SHARED_OUT = --numprocesses logical --dist worksteal --maxprocesses
OTHER_TESTS = $(BIN)/pytest -m "not window"
ONLY_FAILED = --last-failed --last-failed-no-failures none
AGAIN = echo "make test: what failed beside other tests is tried once more, each by itself"

test: ## Run every test on SQLite and PostgreSQL; TESTS="tests/domain -k window" narrows it
	@sh scripts/set_up.sh server planner dev mobile
	@sh scripts/console_packages.sh dev
	@sh scripts/browser.sh
	@$(BIN)/python -m server.planner.clinic.warm_up
	@$(if $(TESTS),,$(WINDOW_TESTS) $(SHARED_OUT) 2 || { $(AGAIN); $(WINDOW_TESTS) $(ONLY_FAILED); })
	@$(OTHER_TESTS) $(SHARED_OUT) 8 $(TESTS) || \
		{ $(if $(TESTS),false,$(AGAIN); $(OTHER_TESTS) $(ONLY_FAILED)); }

lint: ## Check style and types
	@sh scripts/set_up.sh server planner dev mobile
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: ## Put every file into the house style
	@sh scripts/set_up.sh server planner dev
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

lock: ## Lock dependencies again after a change to requirements/*.in; UPGRADE=1 takes newer versions
	@sh scripts/set_up.sh server
	@UPGRADE=$(UPGRADE) sh scripts/lock.sh

faults: ## Kill clocks and workers 200 times, PostgreSQL 30 times, and count what reached whom; KILLS=50 for fewer
	@sh scripts/set_up.sh server planner dev
	@TANDEM_KILLS=$(or $(KILLS),200) TANDEM_DATABASE_KILLS=$(or $(DATABASE_KILLS),30) $(BIN)/pytest --timeout 0 tests/faults

bench-planner: ## Plan and repair made-up clinics beside first fit, a minute each
	@sh scripts/set_up.sh server planner dev
	@$(BIN)/python -m server.planner.clinic.warm_up
	@$(BIN)/python -m bench planner 60 --write

bench: ## Measure placing, planning, booking and the phone app
	@sh scripts/set_up.sh server planner dev mobile
	@$(BIN)/python -m bench

pictures: ## Take the pictures in docs/screens of a demo clinic on a Monday morning; PICTURES="move week" takes some
	@sh scripts/set_up.sh server planner dev
	@sh scripts/browser.sh
	@$(BIN)/python -m server.planner.clinic.warm_up
	@$(BIN)/python scripts/take_pictures.py

phone: ## Open the patient's phone app on this computer, against what `make run` serves
	@sh scripts/set_up.sh mobile
	@TANDEM_ADDRESS="http://127.0.0.1:$(PORT)" $(BIN)/python -m mobile

phone-pictures: ## Take the pictures of the phone app in docs/screens; no display is needed
	@sh scripts/set_up.sh mobile
	@$(BIN)/python scripts/take_phone_pictures.py "http://127.0.0.1:$(PORT)"
