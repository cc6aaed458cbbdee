# Two commands do everything: `make chat` and `make test`. Both set up what they need in .venv first.
PYTHON ?= python3
QA_BOT := .venv/bin/qa-bot
DATA ?= ../shared/data
QUESTIONS ?= 500

.PHONY: chat index evaluate test lint benchmark encoder reader weights clean

chat: .venv/ready
	@$(QA_BOT) chat

index: .venv/ready
	$(QA_BOT) index

evaluate: .venv/ready
	$(QA_BOT) evaluate

# Three on two cores: a fifth of the time tests wait, for processes to start and for time to pass.
test: .venv/ready-to-develop
	.venv/bin/coverage run -m pytest --numprocesses 3 --dist loadfile
	.venv/bin/coverage combine --quiet
	.venv/bin/coverage report

lint: .venv/ready-to-develop
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Compares with others on the collection SQuAD 2.0 in DATA; what they need is installed below .benchmark, once.
benchmark: .venv/ready-to-develop
	PYTHONPATH=tests .venv/bin/python -m comparison $(DATA)/squad2 --questions $(QUESTIONS)

# Makes the packaged encoder of the official weights.
encoder: .venv/ready-to-develop
	.venv/bin/python -m qa_bot.quantising $(DATA) qa_bot/encoder/model

# Trains the reader on the public collections in DATA and leaves it in embeddings/reader: four teachers, and one that learns
# from them. Minutes on a graphics processor of a data centre, days on two cores. What was interrupted goes on.
READER := embeddings/reader
TEACHERS := 20261127 20261128 20261129 20261130
reader: .venv/ready-to-develop
	mkdir -p $(READER)
	test -e $(READER)/mined.jsonl.gz || .venv/bin/python -m qa_bot.training.mining $(DATA) $(READER)/mined.jsonl.gz
	test -e $(READER)/features.npz || .venv/bin/python -m qa_bot.training.features $(DATA) $(READER)/mined.jsonl.gz $(READER)/features.npz
	for seed in $(TEACHERS); do .venv/bin/python -m qa_bot.training $(READER)/features.npz $(READER)/teacher-$$seed \
		--seed $$seed --passes 4 || exit 1; done
	.venv/bin/python -m qa_bot.training $(READER)/features.npz $(READER) --passes 6 --learning-rate 3e-4 \
		$(TEACHERS:%=--teacher $(READER)/teacher-%/checkpoint.pt)
	.venv/bin/python -m qa_bot.training.packing $(READER)/features.npz $(READER)

# Fits the weights of the scores on collections in DATA, for the reader that config.toml names; another one than the packaged
# needs OUT=FILE.
weights: .venv/ready-to-develop
	.venv/bin/python -m qa_bot.fitting $(DATA) --collection squad2 --collection clapnq --collection selqa \
		--collection reader --collection abbreviations $(if $(OUT),--out $(OUT))

clean:
	rm -rf .venv embeddings/.building-* embeddings/generation-* embeddings/collections embeddings/reader embeddings/CURRENT embeddings/.lock \
		embeddings/calibration.json
	rm -rf .benchmark .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# Made once, and made anew when the project's needs change.
.venv/made: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "qa_bot needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	rm -rf .venv
	$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/made
	.venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/ready-to-develop: .venv/ready
	.venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
