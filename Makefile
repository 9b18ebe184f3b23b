# Two commands are all a newcomer needs: `make demo` and `make test`. Both do the set-up.
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
RUN := $(UV) run --no-sync

MAKEFLAGS += --jobs=2

.PHONY: setup ui demo check check-python check-ui test-ui servers test again eval bench docs wheel pictures

setup: .venv/.ready

.tools/bin/uv:
	./scripts/setup-uv.sh .tools

.venv/.ready: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	$(UV) sync --frozen --all-extras --no-extra lm
	touch $@

ui: ui/.built  ## build what runs in the browser, and put it where the package ships it from

ui/node_modules/.package-lock.json: ui/package-lock.json
	./scripts/setup-node.sh
	cd ui && npm ci

ui/.built: ui/node_modules/.package-lock.json $(shell find ui \( -name node_modules -o -name lib -o -name dist -o -name .built \) -prune -o -type f -print)
	cd ui && npm run build
	touch $@

demo: setup  ## run a failing notebook, fix it cell by cell, and run the repaired one
	$(RUN) python demo/demo.py

check: check-python check-ui  ## lint, format, types, layers

check-python: setup
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports

check-ui: ui
	cd ui && npm run check

test-ui: ui
	cd ui && npm test

servers: setup  ## what the tests talk to: databases, a model, a browser
	./scripts/setup-postgres.sh
	./scripts/setup-browser.sh
	./scripts/setup-model-server.sh

test: check test-ui servers  ## everything that CI runs
	$(RUN) pytest -n 2 --dist loadgroup

again: check test-ui servers  ## only the tests that failed last, one after the other
	$(RUN) pytest -n 0 --last-failed --last-failed-no-failures none

eval: setup  ## measure on our own cases; pass FILES="…" for others
	$(RUN) bestfix eval $(or $(FILES),cases)

bench: setup ui  ## measure everything that has a target, and write docs/measurements.md; NAMES="…" for some of it
	./scripts/setup-postgres.sh
	./scripts/setup-browser.sh
	$(RUN) python bench/measure.py $(NAMES)

docs: setup  ## build the documentation site into site/; a warning is an error
	$(RUN) bestfix repairs --markdown > docs/repairs.md
	$(RUN) sphinx-build -q -W --keep-going -d .tools/doctrees docs site

wheel: setup ui  ## build the wheel and the sdist into dist/
	$(RUN) python -m hatchling build

pictures: setup ui  ## draw the pictures of README and guides
	$(RUN) python demo/pictures.py
	$(RUN) pytest -n 0 --pictures tests/surfaces/jupyter/browser/test_access.py -k axe
	$(RUN) pytest -n 0 --pictures tests/surfaces/http/browser/test_looks.py
