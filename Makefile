# Wayside: what there is to run. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo web kafka postgres helm test models fmt lint deny bench soak fuzz clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building needs: system packages, Rust, ONNX Runtime (does nothing twice)
	@scripts/setup.sh build

demo: ## set up, build, replay the example junction (report in out/demo), open the console on it, live
	@scripts/setup.sh build web
	@scripts/demo.sh

web: ## build the console's web app, where it has changed (does nothing twice)
	@scripts/setup.sh web

kafka: ## Apache Kafka on localhost:9092 until Ctrl-C, data in out/kafka (KAFKA_TLS=1: also TLS and SASL)
	@KAFKA_WITH="$(KAFKA_WITH)" KAFKA_TLS="$(KAFKA_TLS)" KAFKA_PORT="$(KAFKA_PORT)" scripts/kafka.sh

postgres: ## PostgreSQL on localhost:5432 until Ctrl-C, data in out/postgres (POSTGRES_PORT)
	@POSTGRES_PORT="$(POSTGRES_PORT)" scripts/postgres.sh

helm: ## lint, render and check the Helm chart and compose.yaml (no cluster is needed)
	@scripts/setup.sh helm
	@scripts/helm.sh

test: ## set up, then format, clippy, licences, and every test; ends with their number
	@scripts/setup.sh build web browser lint train kafka postgres helm fuzz
	@scripts/test.sh

models: ## render, train, quantise and measure the models of our own (about two hours on two cores)
	@scripts/setup.sh build train shapes
	@scripts/models.sh

fmt: ## format the Rust code
	@. scripts/env.sh && cargo fmt --all

lint: ## clippy alone, warnings as errors
	@. scripts/env.sh && cargo clippy --workspace --all-targets --locked -- -D warnings

deny: ## licences, bans, sources, and known vulnerabilities (asks the advisory database: needs network)
	@scripts/setup.sh build lint
	@. scripts/env.sh && "$$cargo_deny" check

bench: ## speed against the floor and a plain Python loop, and live cameras (quiet machine, half an hour)
	@scripts/setup.sh build peer
	@BENCH_LIVE="$(BENCH_LIVE)" scripts/bench.sh $(BENCH)

soak: ## the long runs: sixteen cameras for SOAK_MINUTES (10), kills, reconnects (an hour)
	@scripts/setup.sh build
	@SOAK_MINUTES="$(SOAK_MINUTES)" scripts/soak.sh

fuzz: ## the readers of site files, signals and tracks, for FUZZ_SECONDS each (60)
	@scripts/setup.sh build
	@scripts/fuzz.sh

clean: ## remove build results and replays, keep what was set up
	@. scripts/env.sh && cargo clean
	rm -rf out
