# Sourced by setup.sh: Java, and the jars of Apache Kafka in .wayside/kafka/VERSION/libs.
# shellcheck shell=bash

# Kafka 4 needs Java 17. JAVA_HOME wins over PATH, here as in the crate that starts the broker.
java_program=${JAVA_HOME:+$JAVA_HOME/bin/}java
java_package_table() {
    cat <<TABLE
openjdk-17-jre-headless|'$java_program' -version 2>&1 | awk -F'"' '/ version "/ { split(\$2, v, "."); found = v[1] >= 17 } END { exit !found }'
TABLE
}

# Only to fetch the jars.
maven_package_table() {
    echo "maven|command -v mvn"
}

kafka_jars_hold() {
    [ -d "$1" ] && (cd "$1" && sha256sum --status --strict --check "$here/tools/kafka/libs.sha256" 2>/dev/null)
}

kafka_jars() {
    local scratch
    if [ "$WAYSIDE_KAFKA_LIBS" != "$kafka_libs" ]; then
        say "Apache Kafka: using $WAYSIDE_KAFKA_LIBS (WAYSIDE_KAFKA_LIBS)"
        return
    fi
    if kafka_jars_hold "$kafka_libs"; then
        say "Apache Kafka: $kafka_version is there, checksums hold"
        return
    fi
    install_packages maven_package_table
    say "Apache Kafka: Maven fetches $kafka_version into .wayside/kafka"
    scratch=$tools/kafka/part.$$
    mkdir -p "$tools/kafka"
    mvn --batch-mode --quiet -Dstyle.color=never --strict-checksums --file "$here/tools/kafka/pom.xml" \
        dependency:copy-dependencies -DoutputDirectory="$scratch" </dev/null ||
        fail "the jars in scripts/tools/kafka/pom.xml could not be had" "Maven's message above says why"
    kafka_jars_hold "$scratch" ||
        fail "checksums of the jars in $scratch are wrong" "wanted: scripts/tools/kafka/libs.sha256" \
            "remove the jars from ~/.m2/repository and .wayside/kafka, then run this again"
    rm -rf "${kafka_libs%/libs}"
    mkdir -p "${kafka_libs%/libs}"
    mv "$scratch" "$kafka_libs"
}

# Classes as the JVM wants them in memory: a broker then starts in half the time. Java writes the archive
# when a broker ends. It holds for this Java and this folder only; elsewhere Java passes over it.
kafka_archive() {
    local archive scratch classes holds_for
    [ "$WAYSIDE_KAFKA_LIBS" = "$kafka_libs" ] || return 0
    archive=$(dirname "$kafka_libs")/kafka.jsa
    holds_for=$(echo "$kafka_libs" && "$java_program" -version 2>&1)
    if [ -f "$archive" ] && [ "$(cat "$archive.txt" 2>/dev/null)" = "$holds_for" ]; then
        return
    fi
    say "Apache Kafka: writing a class archive, so that it starts faster"
    scratch=$(mktemp -d)
    kafka_archive_settings "$scratch" "$((20000 + RANDOM % 6000))" >"$scratch/server.properties"
    classes=$(LC_ALL=C && printf '%s:' "$kafka_libs"/*.jar)
    if kafka_archive_run "$scratch" "${classes%:}" >"$scratch/log" 2>&1 && [ -s "$scratch/kafka.jsa" ]; then
        mv -f "$scratch/kafka.jsa" "$archive"
        echo "$holds_for" >"$archive.txt"
    else
        warn "no class archive; brokers start, only slower. The last lines:"
        tail -n 5 "$scratch/log" >&2
    fi
    rm -rf "$scratch"
}

# kafka_archive_settings FOLDER PORT
kafka_archive_settings() {
    cat <<SETTINGS
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$(($2 + 1))
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:$(($2 + 1))
offsets.topic.replication.factor=1
log.dirs=$1/data
SETTINGS
}

# kafka_archive_run FOLDER CLASSPATH: formats, starts, waits, ends.
kafka_archive_run() {
    local java=("$java_program" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx384m -cp "$2") broker
    "${java[@]}" kafka.tools.StorageTool format -t "$("${java[@]}" kafka.tools.StorageTool random-uuid)" \
        -c "$1/server.properties" || return 1
    "${java[@]}" -XX:ArchiveClassesAtExit="$1/kafka.jsa" \
        -Dlog4j2.configurationFile="$here/tools/kafka/log4j2.properties" \
        kafka.Kafka "$1/server.properties" >"$1/broker.log" 2>&1 &
    broker=$!
    for _ in $(seq 300); do
        grep -q 'Kafka Server started' "$1/broker.log" && break
        kill -0 $broker 2>/dev/null || break
        sleep 0.2
    done
    kill $broker 2>/dev/null
    # Ended by SIGTERM, Java returns 143.
    wait $broker || true
    cat "$1/broker.log"
}
