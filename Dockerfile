# syntax=docker/dockerfile:1
# The image of Wayside: `docker build --tag wayside:0.1.0 .`
# scripts/setup.sh installs what building needs, as on any Debian 12.

FROM debian:12-slim AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
# What setting up reads, first: a change of the code alone does not set up anew.
COPY Cargo.toml ./
COPY scripts scripts
RUN scripts/setup.sh build
COPY . .
# The console's web app is part of the program.
RUN scripts/setup.sh web
RUN --mount=type=cache,target=/src/target --mount=type=cache,target=/root/.cargo/registry \
    . scripts/env.sh && cargo build --release --locked --package wayside && \
    install -D target/release/wayside /out/usr/bin/wayside && \
    install -D -m 644 "$WAYSIDE_ONNXRUNTIME" /out/usr/lib/wayside/libonnxruntime.so && \
    install -D -m 644 LICENSE /out/usr/share/doc/wayside/LICENSE && \
    mkdir -p /out/usr/share/wayside && cp -r examples /out/usr/share/wayside/

FROM debian:12-slim
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        ca-certificates libssl3 libstdc++6 zlib1g glib-networking \
        libgstreamer1.0-0 libgstreamer-plugins-base1.0-0 \
        gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav && \
    rm -rf /var/lib/apt/lists/* && \
    groupadd --gid 10001 wayside && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/wayside --shell /usr/sbin/nologin wayside && \
    install -d -o wayside -g wayside /var/lib/wayside
COPY --from=build /out/ /
ENV WAYSIDE_ONNXRUNTIME=/usr/lib/wayside/libonnxruntime.so HOME=/tmp
# By number, so that Kubernetes sees that it is not root.
USER 10001:10001
WORKDIR /var/lib/wayside
EXPOSE 9464
ENTRYPOINT ["/usr/bin/wayside"]
