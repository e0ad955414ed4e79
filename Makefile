# Each target sets up what it needs: a machine with git, make and Python 3.11+ is enough.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
JOURNALISTS ?= 2000
PEOPLE ?= 100000
CASES ?= 10000
MINUTES ?= 10
SEEDS ?= 5
HOSTS ?= 1 2 3

.PHONY: demo run test test-long fuzz fuzz-feedback fuzz-pages faults chaos bench bench-hosts lint check format lock example translations screenshots clean clean-data help

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/installed ## send a release to 2,000 invented journalists: make demo RELEASE=path JOURNALISTS=n
	$(RUN)/dateline demo --journalists $(JOURNALISTS) $(if $(RELEASE),--release "$(RELEASE)")

run: $(VENV)/installed ## the whole service in the foreground, data in var/
	$(RUN)/dateline up

test: $(VENV)/installed-dev ## all tests, and the quick part of the fault suite
	$(RUN)/pytest -n 2 -m "(quick or not fault) and not long"

test-long: $(VENV)/installed-dev ## the few tests that take many seconds each: benchmarks and the services of docker-compose.yml
	$(RUN)/pytest -n 2 -m long

fuzz: $(VENV)/installed-dev ## 10,000 mails of hostile words over real sockets: make fuzz CASES=n
	FUZZ_CASES=$(CASES) $(RUN)/pytest -n 0 --timeout 3600 tests/standards/test_header_injection.py tests/service/mail/test_attachments.py

fuzz-pages: CASES = 200
fuzz-pages: $(VENV)/installed-dev ## every public address asked by schemathesis: make fuzz-pages CASES=n of each kind
	FUZZ_CASES=$(CASES) $(RUN)/pytest -n 0 --timeout 3600 tests/service/web/test_public_addresses_under_fuzz.py

fuzz-feedback: CASES = 20000
fuzz-feedback: $(VENV)/installed-dev ## 20,000 broken messages read, as many bad tags sorted: make fuzz-feedback CASES=n
	FUZZ_CASES=$(CASES) $(RUN)/pytest -n 0 --timeout 3600 tests/service/feedback/test_feedback_fuzzed.py tests/workers/inbound/test_tags.py

faults: $(VENV)/installed-dev ## every fault in real processes: make faults SEEDS=n, or again with DATELINE_SEED=n
	DATELINE_SEEDS=$(SEEDS) $(RUN)/pytest tests/faults -n 2 -m "not chaos"

chaos: $(VENV)/installed-dev ## a random fault every few seconds: make chaos MINUTES=n PEOPLE=n
	MINUTES=$(MINUTES) PEOPLE=$(PEOPLE) $(RUN)/pytest tests/faults -n 0 -s -m chaos

bench: $(VENV)/installed-dev ## messages a second beside Postfix's own load generator: make bench PEOPLE=n
	$(RUN)/python -m bench --people $(PEOPLE)

bench-hosts: $(VENV)/installed-dev ## throughput by number of worker hosts, as network namespaces (root): make bench-hosts HOSTS="1 2 3"
	$(RUN)/python -m bench --hosts $(HOSTS)

check: lint ## the same as lint

lint: $(VENV)/installed-dev ## what CI checks before the tests
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy service workers tests bench
	$(RUN)/lint-imports
	$(RUN)/deptry .

format: $(VENV)/installed-dev ## put the code in its form
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

example: $(VENV)/installed ## config/example.env, out of the settings
	$(RUN)/python -m service.settings > config/example.env

translations: $(VENV)/installed ## find what pages are to say in other languages: service/web/translations/*.po
	$(RUN)/python -m service.web.catalogs

screenshots: $(VENV)/installed-dev ## the main pages as they look, into docs/screenshots/ (chromium)
	$(RUN)/python -m tests.browser.screenshots

lock: $(VENV)/installed-dev ## the hashed locks, out of pyproject.toml
	$(RUN)/pip install --quiet uv
	$(RUN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml -o requirements.lock
	$(RUN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean: ## the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

clean-data: ## what run and demo have kept
	rm -rf var

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python requirements.lock pyproject.toml
	$(RUN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	echo "$(CURDIR)" > "$$($(RUN)/python -c 'import site; print(site.getsitepackages()[0])')/dateline.pth"
	printf '#!%s\nfrom service.cli import main\nmain()\n' "$(CURDIR)/$(RUN)/python" > $(RUN)/dateline
	chmod +x $(RUN)/dateline
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(RUN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
