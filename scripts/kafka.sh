#!/usr/bin/env bash
# One Apache Kafka on localhost for trying things out, in the foreground until Ctrl-C. `make kafka`.
#
#     KAFKA_PORT=9092       its port; the three after it may be taken as well
#     KAFKA_TLS=1           also listens with SASL over TLS and mutual TLS; says how to connect
#     KAFKA_WITH=docker     the official image instead of the jars (plaintext; data in a volume wayside-kafka)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/env.sh
. "$here/env.sh"
port=${KAFKA_PORT:-9092}

with_docker() {
    [ -z "${KAFKA_TLS:-}" ] || fail "KAFKA_TLS works with the jars only" "leave out KAFKA_WITH=docker"
    command -v docker >/dev/null && docker info >/dev/null 2>&1 ||
        fail "no Docker engine answers" "start it, or leave out KAFKA_WITH: the jars need Java only"
    say "Apache Kafka $kafka_version as a container: --kafka localhost:$port; Ctrl-C stops it"
    exec docker run --rm --init --name wayside-kafka --publish "127.0.0.1:$port:$port" \
        --volume wayside-kafka:/var/lib/kafka/data \
        --env KAFKA_NODE_ID=1 \
        --env KAFKA_PROCESS_ROLES=broker,controller \
        --env "KAFKA_LISTENERS=PLAINTEXT://:$port,CONTROLLER://localhost:$((port + 1))" \
        --env "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:$port" \
        --env KAFKA_CONTROLLER_LISTENER_NAMES=CONTROLLER \
        --env KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT \
        --env "KAFKA_CONTROLLER_QUORUM_VOTERS=1@localhost:$((port + 1))" \
        --env KAFKA_LOG_DIRS=/var/lib/kafka/data \
        --env KAFKA_AUTO_CREATE_TOPICS_ENABLE=false \
        --env KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=1 \
        --env KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR=1 \
        --env KAFKA_TRANSACTION_STATE_LOG_MIN_ISR=1 \
        --env KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR=1 \
        --env KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR=1 \
        --env KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS=0 \
        "apache/kafka:$kafka_version"
}

with_jars() {
    "$here/setup.sh" build kafka
    cd "$root"
    cargo build --quiet --locked --package wayside-broker
    # Not `cargo run`: Ctrl-C and signals go straight to the program.
    exec "${CARGO_TARGET_DIR:-target}/debug/wayside-broker" --port "$port" ${KAFKA_TLS:+--tls}
}

case ${KAFKA_WITH:-jars} in
    docker) with_docker ;;
    jars) with_jars ;;
    *) fail "KAFKA_WITH=$KAFKA_WITH is neither docker nor jars" ;;
esac
