UV := $(or $(shell command -v uv 2>/dev/null),.venv/tools/bin/uv)
RUN := $(UV) run --no-sync

.PHONY: demo test check eval bench setup

setup: .venv/.ready

.venv/tools/bin/uv:
	python3 -m venv .venv/tools
	.venv/tools/bin/pip install -q uv

.venv/.ready: pyproject.toml uv.lock | $(filter .venv/tools/bin/uv,$(UV))
	$(UV) sync --frozen --all-extras --compile-bytecode
	touch $@

demo: setup
	$(RUN) python demo/demo.py

check: setup
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports

test: check
	$(RUN) pytest -n 2

eval: setup
	$(RUN) bestfix eval cases/*.jsonl

bench: setup
	$(RUN) python bench/run.py
