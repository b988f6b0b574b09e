# Unlockpoint. "make demo" is the whole product; "make help" lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8080
DATA ?= demo-data
SEED ?=
PCSC ?=
FUZZTIME ?= 10s
INSERTIONS ?= 5000
STACKS ?= 10
PAGES ?= pages
JOBS ?= $(shell nproc)

# What Debian 12 has to have: pcscd with its reader drivers and the virtual
# reader, a broker, a browser and a voice for the tests, and a compiler for the one
# package that speaks C.
PACKAGES := gcc libc6-dev pkg-config libpcsclite-dev pcscd libccid vsmartcard-vpcd \
	opensc scdaemon pcsc-tools yubico-piv-tool yubikey-manager mosquitto mosquitto-clients chromium fonts-liberation espeak-ng zsh fish \
	shellcheck device-tree-compiler genimage squashfs-tools mtools dosfstools e2fsprogs fdisk busybox-static
TEST = go test -race -timeout 30m $(if $(ARTIFACTS),-artifacts -outputdir="$(abspath $(ARTIFACTS))")
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help deps build demo journey test bench bench-cards bench-panel bench-fleet soak pages fuzz fmt clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make demo PORT=8080 DATA=demo-data SEED=tray.csv PCSC=1 ISSUERS=ca.pem"

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

demo: deps build ## run the whole product on this machine (PORT, DATA, SEED, PCSC=1, ISSUERS)
	@exec bin/demo --port $(PORT) --data "$(DATA)" $(if $(SEED),--seed "$(SEED)") $(if $(PCSC),--pcsc) \
		$(if $(ISSUERS),--issuers "$(ISSUERS)")

journey: deps build ## drive a registration, three wrong passcodes and an unlock
	@exec bin/demo journey $(if $(PCSC),--pcsc)

# ARTIFACTS=folder keeps screenshots and what differs from a golden file. Then
# every test runs anew: the results of such a run are not cached.
# The programs' tests are many processes each: one package at a time has the
# machine to itself, for five tests at once, as they wait more than they work.
# What looks at 7000 pictures pixel by pixel does so without the race detector,
# which sees some of them.
test: deps ## vet, staticcheck, and every test with the race detector
	go build ./...
	go vet ./...
	go tool staticcheck ./...
	@$(if $(ARTIFACTS),mkdir -p "$(ARTIFACTS)")
	$(TEST) ./buildroot ./device/... ./display/... ./reader/... ./sync/...
	$(TEST) -p 1 -parallel 5 ./cmd/...
	go test -timeout 30m -run '^TestEvery(PageIsSeenOnEveryPanel|PictureFits)' ./device/pages -args -all

# The terminal as a whole device: see package buildroot/qemu. Debian's root is
# made once, into the user's cache folder. So is the small kernel, for which there
# is the time of a quarter of an hour only where somebody asks for it: without it
# Debian's own serves, which has no GPIO lines with names and no SPI.
.PHONY: deps-qemu test-qemu kernel-qemu
deps-qemu: PACKAGES += qemu-system-arm mmdebstrap socat gcc-aarch64-linux-gnu libc6-dev-arm64-cross
deps-qemu: deps ## install what is missing for test-qemu

kernel-qemu: PACKAGES += linux-source-6.1 xz-utils flex bison bc libssl-dev libelf-dev
kernel-qemu: deps-qemu ## build the small kernel for test-qemu, once (JOBS)
	JOBS=$(JOBS) buildroot/board/unlockpoint/qemu/kernel.sh

test-qemu: deps-qemu ## test the terminal on an arm64 machine in QEMU (ARTIFACTS keeps screenshots)
	go vet -tags qemu ./buildroot/qemu
	go tool staticcheck -tags qemu ./buildroot/qemu
	@$(if $(ARTIFACTS),mkdir -p "$(ARTIFACTS)")
	$(TEST) -tags qemu -count=1 -v ./buildroot/qemu

# The appliance: the tree of buildroot/ on Debian's programs, see image.sh.
.PHONY: image-qemu test-image bench-image
IMAGE := buildroot/board/unlockpoint/qemu/image.sh
image-qemu: PACKAGES += cpio
image-qemu: deps-qemu ## make the appliance for QEMU, into bin/image
	$(IMAGE) bin/image

test-image: PACKAGES += cpio
test-image: deps-qemu ## boot the appliance in QEMU and serve people (ARTIFACTS keeps screenshots and serial logs)
	$(IMAGE) bin/image-watched watched
	@$(if $(ARTIFACTS),mkdir -p "$(ARTIFACTS)")
	$(TEST) -tags qemu -count=1 -v -run '^TestTheAppliance' ./buildroot/qemu -args -image "$(abspath bin/image-watched)"

bench-image: PACKAGES += cpio
bench-image: deps-qemu ## print how long the appliance takes to serve, in starts to a bare shell
	KERNEL=debian $(IMAGE) bin/image-bench watched
	@go test -tags qemu -run '^$$' -bench '^BenchmarkBoot$$' -benchtime 3x ./buildroot/qemu -args -image "$(abspath bin/image-bench)" | $(NUMBERS)

bench: deps build ## print the product's numbers, one JSON object a line
	@go test -run '^$$' -bench '^Benchmark(PaintDiff|Digit)$$' ./display/paint | $(NUMBERS)
	@bin/demo bench
	@go test -run '^$$' -bench '^BenchmarkSecondStart$$' -benchtime 1x ./cmd/demo | $(NUMBERS)
	@go test -run '^$$' -bench '^Benchmark(Memory|Ready)$$' -benchtime 1x ./cmd/terminal | $(NUMBERS)

bench-cards: deps build ## compare the card commands with the usual programs
	@bin/simcard compare
	@go test -run '^$$' -bench '^BenchmarkOverhead$$' -benchtime 3x ./reader/pcsc | $(NUMBERS)

bench-panel: deps ## print what the panels' drivers send, and how fast, and what an idle terminal takes
	@go test -run '^$$' -bench . -benchtime 1x ./display/panel | $(NUMBERS)
	@go test -run '^$$' -bench '^BenchmarkIdle' -benchtime 1x ./cmd/terminal | $(NUMBERS)

bench-fleet: deps ## print what central does for many, and how long the appliance takes to serve
	@go test -run '^$$' -bench '^BenchmarkVerify$$' -benchtime 5x ./sync/central/audit | $(NUMBERS)
	@go test -run '^$$' -bench '^BenchmarkCommand200$$' -benchtime 3x ./cmd/fleet | $(NUMBERS)
	@go test -run '^$$' -bench '^BenchmarkPrompt$$' -benchtime 50x ./device/serial | $(NUMBERS)
	@$(MAKE) --no-print-directory bench-image

# Makes JSON of the product's numbers among a benchmark's lines, by their
# units; the other lines go to standard error, where a failure is told.
define AWK
BEGIN {
	name["ms/frame"] = "panel.paint_diff_ms"; name["bytes/digit"] = "panel.digit_bytes"
	name["bytes/char"] = "panel.char_bytes"; name["bytes/glyph"] = "panel.glyph_bytes"
	name["bytes/glyph-mean"] = "panel.glyph_mean"; name["bytes/shown"] = "panel.shown_bytes"
	name["%/page"] = "panel.page_overhead"; name["%/pixels"] = "panel.page_overhead_pixels"
	name["%/pixels-mean"] = "panel.page_overhead_pixels_mean"
	name["ms/page"] = "panel.page_ms"; name["ms/page-colours"] = "panel.page_colours_ms"; name["ms/key"] = "panel.key_ms"
	name["%/busy"] = "panel.bus_busy"; name["allocs/frame"] = "panel.allocs_per_frame"
	name["ms/overhead"] = "cards.overhead_p95_ms"; name["ms/prompt"] = "console.prompt_ms"
	name["entries/s"] = "audit.verify_per_s"; name["s/command200"] = "fleet.command_200_s"
	name["s/again"] = "demo.restart_s"; name["MiB/terminal"] = "terminal.rss_mib"; name["s/start"] = "terminal.ready_s"
	name["x/boot"] = "image.boot_ratio"; name["s/shell"] = "image.shell_s"; name["s/idle"] = "image.idle_s"
	name["%/idle"] = "terminal.idle_cpu"; name["%/face"] = "terminal.idle_face_cpu"
	name["%/polled"] = "terminal.idle_polled_cpu"
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

# pcscd looks at its virtual readers every 0.4 s, so an insertion takes half a
# second: STACKS services share them.
soak: deps ## soak pcscd in cards and faults, look for leaks (INSERTIONS, STACKS)
	@go test -count=1 -timeout 60m -run '^TestSoakOverPcscd$$' ./reader/pcsc -v \
		-args -insertions=$(INSERTIONS) -stacks=$(STACKS) | tee /dev/stderr | grep '^{'

pages: ## draw every page in every size, language and text scale into PAGES, and one sheet of all
	@go test -count=1 -run '^TestPages$$' ./device/pages -args -pages "$(abspath $(PAGES))"
	@echo "look at $(PAGES)/sheet.png"

fuzz: deps ## fuzz every parser for FUZZTIME each
	@for p in $$(go list ./...); do \
		tests=$$(go test -list '^Fuzz' $$p); \
		for f in $$(grep '^Fuzz' <<< "$$tests" || true); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p; done; done

fmt: ## format the Go files
	gofmt -s -w buildroot cmd device display reader sync

clean: ## remove what was built; the demo's data stays
	rm -rf bin artifacts
