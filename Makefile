# Everything is done inside .venv, without root. See README.md.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
# Where torch comes from, if not from where pip looks anyway (README: "On a GPU").
TORCH_INDEX ?=
PHOTOS ?= examples/people/asha/train

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

.PHONY: help install demo serve test likeness-test graphics-test check browser-test clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP) ## Make .venv with everything in it

$(STAMP): pyproject.toml packages/likeness-mini/pyproject.toml foundry/pyproject.toml constraints.txt
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Likeness needs Python 3.11: make install PYTHON=/path/to/python3.11")'
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install $(if $(TORCH_INDEX),--index-url "$(TORCH_INDEX)") torch==2.13.0
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[dev,ray,traces,upscalers]' --editable packages/likeness-mini --editable foundry
	$(BIN)/python -m pip install --constraint constraints.txt --no-deps spandrel # without the torchvision that it asks for
	touch $(STAMP)

demo: install ## Run the main job once; PHOTOS=dir takes photos of your own
	@$(BIN)/likeness demo --data .demo --photos "$(PHOTOS)"

serve: install ## Serve the API on 127.0.0.1:8900
	@$(BIN)/likeness serve

test: install ## Run the tests; they need nothing but pip
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not ml and not graphics"

likeness-test: install ## Train four people on mini and see whether the pictures are theirs (5 minutes)
	$(BIN)/python -m pytest -m ml

graphics-test: install ## Run the tests that render people; they need EGL
	$(BIN)/python -m pytest -m graphics

check: install ## Look at style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

browser-test: install ## Run the tests that need Chromium and ChromeDriver
	$(BIN)/python -m pytest -m browser

clean: ## Remove .venv and .demo
	rm -rf $(VENV) .demo
