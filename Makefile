# The commands of this project. `make` alone lists them.
# Everything is installed into the tree (.venv, and .uv where uv is not on the path) from requirements.lock, hashes checked;
# which registry it comes from is the machine's own setting.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo run explain what-if decompose ui test fuzz check format check-framework weights norms reference docs golden proof bench bench-intake bench-scoring env clean

export DAGSTER_HOME := $(CURDIR)
export ZHENGXIN_DATA ?= $(CURDIR)/data
ifeq ($(filter /%,$(firstword $(ZHENGXIN_DATA))),)
override ZHENGXIN_DATA := $(CURDIR)/$(ZHENGXIN_DATA)
endif
export ZHENGXIN_STATE ?= $(ZHENGXIN_DATA)/dagster
export UV_PYTHON_DOWNLOADS := never

BIN := .venv/bin
PYTHON := $(BIN)/python
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
INSTALLED := .venv/.installed
UI_PORT ?= 3000
DEMO := jiangsu-2019 jiangsu-2020

define find_python
for python in python3 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && break; \
  python=; \
done; \
if [ -z "$$python" ]; then \
  echo "Python 3.11, 3.12 or 3.13 with its venv module is needed and none is on the path; install one (Debian: apt-get install python3 python3-venv) and try again." >&2; \
  exit 1; \
fi
endef

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-28s%s\n' "$$name" "$$text"; done

setup: $(INSTALLED) ## install what requirements.lock names, into .venv

.uv/bin/uv: requirements-uv.lock
	@$(find_python); echo "Bringing in uv, into .uv"; \
	$$python -m venv --clear .uv && .uv/bin/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	@touch $@

$(INSTALLED): requirements.lock $(filter .uv/bin/uv,$(UV))
	@$(find_python); if ! $(PYTHON) -c '' 2>/dev/null; then $(UV) venv --quiet --clear --python "$$(command -v $$python)" .venv; fi; \
	registry="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$${PIP_INDEX_URL:-$$($$python -m pip config get global.index-url 2>/dev/null)}}}"; \
	echo "Installing what requirements.lock names, into .venv"; \
	env $${registry:+UV_DEFAULT_INDEX="$$registry"} $(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(PYTHON) requirements.lock
	@touch $@

demo: $(INSTALLED) ## both example editions, from made-up deliveries to a published ranking
	@$(PYTHON) -m orchestration demo $(DEMO)

run: $(INSTALLED) ## EDITION=…: one edition, from what lies in its inbox
	@if [ -z "$(EDITION)" ]; then echo "Say which edition: make run EDITION=jiangsu-2020" >&2; exit 2; fi
	@$(PYTHON) -m orchestration run "$(EDITION)"

template: $(INSTALLED) ## EDITION=…: the files that places, departments and experts are to fill in, into data/templates/
	@if [ -z "$(EDITION)" ]; then echo "Say which edition: make template EDITION=jiangsu-2020" >&2; exit 2; fi
	@$(PYTHON) -m orchestration template "$(EDITION)"

explain: $(INSTALLED) ## EDITION=… ENTITY=…: the way from an entity's inputs to its total, from what is published
	@if [ -z "$(EDITION)" ] || [ -z "$(ENTITY)" ]; then echo "Say which: make explain EDITION=jiangsu-2020 ENTITY=宿迁市" >&2; exit 2; fi
	@$(PYTHON) -m orchestration explain "$(EDITION)" "$(ENTITY)"

what-if: $(INSTALLED) ## EDITION=… ENTITY=… INPUT=… VALUE=…: who would move if one input were another; writes nothing
	@if [ -z "$(EDITION)" ] || [ -z "$(ENTITY)" ] || [ -z "$(INPUT)" ] || [ -z "$(VALUE)" ]; then \
	  echo "Say what: make what-if EDITION=jiangsu-2020 ENTITY=宿迁市 INPUT=debt_level VALUE=yellow" >&2; exit 2; fi
	@$(PYTHON) -m orchestration what-if -- "$(EDITION)" "$(ENTITY)" "$(INPUT)" "$(VALUE)"

decompose: $(INSTALLED) ## EDITION=…: split each change of total since the previous edition into place, others and rules
	@if [ -z "$(EDITION)" ]; then echo "Say which edition: make decompose EDITION=jiangsu-2020" >&2; exit 2; fi
	@$(PYTHON) -m orchestration decompose "$(EDITION)"

ui: $(INSTALLED) ## Dagster's UI with its daemon, on this machine alone (UI_PORT=3000)
	@$(PYTHON) -c 'import socket, sys; socket.create_server(("127.0.0.1", int(sys.argv[1]))).close()' "$(UI_PORT)" 2>/dev/null || { \
	  echo "$(UI_PORT) is no free port of this machine (a UI may run there already); choose another: make ui UI_PORT=3001" >&2; exit 2; }
	@install -d -m 700 "$(ZHENGXIN_DATA)" && mkdir -p "$(ZHENGXIN_STATE)"
	@PYTHONWARNINGS="ignore:Function" $(BIN)/dagster dev --host 127.0.0.1 --port $(UI_PORT)

test: $(INSTALLED) ## the whole test suite, but what takes minutes of published figures (make reference)
	$(BIN)/pytest -n 2 --dist loadgroup -m "not long"

differential: $(INSTALLED) ## 20,000 random frameworks through dbt and through the oracle; BUILDS=250 FIRST=1 EACH=80: a build's number is its seed
	@$(PYTHON) -m tests.oracle --builds $(or $(BUILDS),250) --first $(or $(FIRST),1) --each $(or $(EACH),80)

fuzz: $(INSTALLED) ## 5,000 mutated workbooks and 5,000 mutated CSV and JSON Lines files through the intake; EACH=5000 SEED=1
	@$(PYTHON) -W ignore -m tests.fuzz --each $(or $(EACH),5000) --seed $(or $(SEED),1)

check: $(INSTALLED) ## lint, layout, types, borders of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfmt --check --quiet dbt_project
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED) ## lay out Python and SQL
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt --quiet dbt_project

check-framework: $(INSTALLED) ## FILE=…: every mistake of a framework file, with its line
	@if [ -z "$(FILE)" ]; then echo "Say which file: make check-framework FILE=frameworks/jiangsu-2020.yaml" >&2; exit 2; fi
	@$(PYTHON) -m frameworks check "$(FILE)"

weights: $(INSTALLED) ## EDITION=… METHOD=equal|pca|balanced [NODE=…]: weights from the edition's release, frozen in a file
	@if [ -z "$(EDITION)" ] || [ -z "$(METHOD)" ]; then echo "Say of which edition, and how: make weights EDITION=jiangsu-2020 METHOD=pca" >&2; exit 2; fi
	@$(PYTHON) -m analysis weights "$(EDITION)" "$(METHOD)" $(NODE)

norms: $(INSTALLED) ## EDITION=…: the reference sets of the edition's release, frozen in a file
	@if [ -z "$(EDITION)" ]; then echo "Say of which edition: make norms EDITION=jiangsu-2020" >&2; exit 2; fi
	@$(PYTHON) -m analysis norms "$(EDITION)"

reference: $(INSTALLED) ## compare with published figures (../shared/reference)
	$(BIN)/pytest -m reference

docs: $(INSTALLED) ## write the data dictionary and the JSON Schema of framework files anew
	$(PYTHON) -m frameworks schema
	$(PYTHON) -m publication dictionary

golden: $(INSTALLED) ## write the golden releases of the tests anew; read the diff like code
	$(BIN)/pytest -m golden --golden-write

proof: $(INSTALLED) ## the demo's release again: files in another order, a fresh folder, killed five times
	$(PYTHON) -m benchmarks.proof

bench: $(INSTALLED) ## wall times, into benchmarks/
	$(PYTHON) -m benchmarks.edition

bench-intake: $(INSTALLED) ## 108 workbooks from inbox to lake beside openpyxl, into benchmarks/
	$(PYTHON) -m benchmarks.intake

bench-scoring: $(INSTALLED) ## scores in SQL beside the same arithmetic in Polars, into benchmarks/
	$(PYTHON) -m benchmarks.scoring

env: ## what plain dagster commands need: eval "$(make -s env)"
	@echo "export DAGSTER_HOME='$(DAGSTER_HOME)' ZHENGXIN_DATA='$(ZHENGXIN_DATA)' ZHENGXIN_STATE='$(ZHENGXIN_STATE)' PATH='$(CURDIR)/$(BIN)':\"\$$PATH\""

clean: ## remove what the tree can make again; data/ is never touched
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dbt_project/target dbt_project/logs logs
	find . -path ./data -prune -o -type d -name __pycache__ -exec rm -rf {} +
	@if [ -e "$(ZHENGXIN_DATA)" ]; then echo "$(ZHENGXIN_DATA) holds deliveries and releases and was left as it is; remove it by hand if it was a demo."; fi
