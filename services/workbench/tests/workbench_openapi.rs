//! The description of the API is the one that clients are generated from.

use wayside_workbench::http::openapi_json;

/// `WAYSIDE_WRITE_OPENAPI=1 cargo test --workspace --test workbench_openapi` rewrites it.
#[test]
fn the_description_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let now = openapi_json();
    if std::env::var_os("WAYSIDE_WRITE_OPENAPI").is_some() {
        std::fs::write(path, &now).expect("openapi.json");
    }
    let committed = std::fs::read_to_string(path).expect("openapi.json");
    assert_eq!(committed, now, "run with WAYSIDE_WRITE_OPENAPI=1 and commit the file");
}
