# Everything starts here: `make demo` shows fairdue at work, `make test` proves it. Each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8050

.PHONY: demo test fast lint types browser bench pictures reference requirements clean

demo: $(VENV)/run.stamp
	@$(BIN)/fairdue --demo demo --port $(PORT)

test: $(VENV)/test.stamp browser lint types
	$(BIN)/pytest -n 2 --dist worksteal

# The part that is run often: a few minutes, no browser, no long races.
fast: $(VENV)/test.stamp lint
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not browser"

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/test.stamp
	@# Django's plugin loads the settings, and they do not start without a secret: any will do here.
	FAIRDUE_SECRET=only-while-types-are-checked-00000000 $(BIN)/mypy

# What the tests need beside Python (a browser, a font, a SIP peer), by apt where it is missing and we may; said plainly where
# we may not.
browser:
	@sh tools/browser.sh

bench: $(VENV)/test.stamp
	$(BIN)/python benchmarks/night.py
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/guard.py
	$(BIN)/python benchmarks/contact_audit.py
	$(BIN)/python benchmarks/wording.py

# The pictures of docs/tutorial/ten-cases, by the very steps it tells.
pictures: $(VENV)/test.stamp browser
	FAIRDUE_PICTURES=docs/images $(BIN)/pytest -q tests/docs/test_ten_cases.py

# The pages in docs/reference, written from the code.
reference: $(VENV)/run.stamp
	@# The API's document is read from the running code, which does not start without a secret: any will do here.
	FAIRDUE_SECRET=only-while-pages-are-written-00000000 $(BIN)/python -m fairdue.docgen
	$(BIN)/python tools/make_client.py

# Pins with hashes and without addresses, for every supported Python; needs uv.
requirements:
	uv pip compile -q --universal --python-version 3.11 --no-annotate --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --no-annotate --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --extra test pyproject.toml -o requirements/test.txt

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@PYTHON=$(PYTHON) sh tools/setup.sh $(VENV) run

$(VENV)/test.stamp: requirements/test.txt pyproject.toml
	@PYTHON=$(PYTHON) sh tools/setup.sh $(VENV) test

clean:
	rm -rf $(VENV) var
