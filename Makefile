# Unlockpoint. "make demo" is the whole product; "make help" lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8080
DATA ?= demo-data
SEED ?=
PCSC ?=
FUZZTIME ?= 10s

# What Debian 12 has to have: pcscd with its reader drivers and the virtual
# reader, a broker and a browser for the tests, and a compiler for the one
# package that speaks C.
PACKAGES := gcc libc6-dev pkg-config libpcsclite-dev pcscd libccid vsmartcard-vpcd \
	opensc pcsc-tools yubico-piv-tool mosquitto mosquitto-clients chromium fonts-liberation
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help deps build demo journey test bench fuzz fmt clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make demo PORT=8080 DATA=demo-data SEED=cards.csv PCSC=1"

deps: ## install what is missing on Debian 12, and fetch the Go modules
	@missing=""; for p in $(PACKAGES); do \
		dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		$(SUDO) apt-get update -qq; \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; fi >&2
	@go mod download

build: ## build every program into bin/
	@go build -o bin/ ./cmd/...

demo: deps build ## run the whole product on this machine (PORT, DATA, SEED, PCSC=1)
	@exec bin/demo --port $(PORT) --data $(DATA) $(if $(SEED),--seed $(SEED)) $(if $(PCSC),--pcsc)

journey: deps build ## drive a registration, three wrong passcodes and an unlock
	@exec bin/demo journey $(if $(PCSC),--pcsc)

test: deps ## vet, staticcheck, and every test with the race detector
	go build ./...
	go vet ./...
	go tool staticcheck ./...
	go test -race -timeout 20m ./...
	go test -timeout 10m -run '^TestPowerIsCut' ./cmd/terminal

bench: deps build ## print the product's numbers, one JSON object a line
	@go test -run '^$$' -bench '^Benchmark(PaintDiff|Digit)$$' ./display/paint | $(NUMBERS)
	@bin/demo bench
	@go test -run '^$$' -bench '^Benchmark(Memory|Ready)$$' -benchtime 1x ./cmd/terminal | $(NUMBERS)

# Makes JSON of the product's numbers among a benchmark's lines, by their
# units; the other lines go to standard error, where a failure is told.
define AWK
BEGIN {
	name["ms/frame"] = "panel.paint_diff_ms"; name["bytes/digit"] = "panel.digit_bytes"
	name["MiB/terminal"] = "terminal.rss_mib"; name["s/start"] = "terminal.ready_s"
}
{ print > "/dev/stderr" }
/^Benchmark/ {
	for (i = 4; i <= NF; i++) if ($$i in name) {
		unit = $$i; sub("/.*", "", unit)
		printf "{\"name\":\"%s\",\"value\":%s,\"unit\":\"%s\"}\n", name[$$i], $$(i-1), unit
	}
}
endef
export AWK
NUMBERS := awk "$$AWK"

fuzz: deps ## fuzz every parser for FUZZTIME each
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p; done; done

fmt: ## format the Go files
	gofmt -s -w cmd device display reader sync

clean: ## remove what was built; the demo's data stays
	rm -rf bin
