//! Compiles the protobuf schema with a pure-Rust compiler, so that no `protoc` is needed.

// Cargo reads what a build script prints.
#![allow(clippy::disallowed_macros)]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=wayside");
    let files = protox::compile(
        [
            "wayside/v1/citation.proto",
            "wayside/v1/clip.proto",
            "wayside/v1/deadletter.proto",
            "wayside/v1/evidence.proto",
            "wayside/v1/health.proto",
            "wayside/v1/observation.proto",
            "wayside/v1/passage.proto",
            "wayside/v1/receipt.proto",
            "wayside/v1/sign.proto",
            "wayside/v1/signal.proto",
            "wayside/v1/standdown.proto",
            "wayside/v1/traveltime.proto",
            "wayside/v1/violation.proto",
        ],
        ["."],
    )?;
    prost_build::Config::new().compile_fds(files)?;
    Ok(())
}
