//! Libraries that are none, or not the right one: each ends in an error, never in a panic or a wait.
//!
//! One process can open one library, and a broken one stays mapped; so the cases run in a fixed
//! order within one test, the one that blocks the process last.

use std::path::{Path, PathBuf};
use std::process::Command;

use wayside_inference::{ErrorKind, Runtime};

/// Compiles a C file to a shared library. Rust needs the C compiler for linking anyway.
fn library(folder: &Path, name: &str, code: &str) -> PathBuf {
    let (source, target) = (folder.join(format!("{name}.c")), folder.join(format!("{name}.so")));
    std::fs::write(&source, code).expect("a file");
    let done = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&target, &source])
        .status()
        .expect("a C compiler, which Rust needs as its linker");
    assert!(done.success());
    target
}

/// The head of `onnxruntime_c_api.h`: a table of two functions.
fn table(version: &str) -> String {
    format!(
        "#include <stddef.h>\n\
         static const void *get(unsigned v) {{ return NULL; }}\n\
         static const char *version(void) {{ return \"{version}\"; }}\n\
         static struct {{ const void *(*a)(unsigned); const char *(*b)(void); }} base = {{ get, version }};\n\
         const void *OrtGetApiBase(void) {{ return &base; }}\n"
    )
}

#[test]
fn bad_libraries_are_refused_with_a_hint() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = std::fs::canonicalize(folder.path()).expect("a folder");
    std::fs::create_dir_all(folder.join("empty-folder")).expect("a folder");
    std::fs::write(folder.join("empty.so"), "").expect("a file");
    std::fs::write(folder.join("garbage.so"), vec![0x5a; 9000]).expect("a file");
    std::fs::write(folder.join("cut.so"), b"\x7fELF\x02\x01\x01").expect("a file");
    let cases = [
        folder.join("missing.so"),
        folder.join("empty-folder"),
        folder.join("empty.so"),
        folder.join("garbage.so"),
        folder.join("cut.so"),
        library(&folder, "another", "int answer(void) { return 42; }"),
        library(&folder, "old", &table("1.16.3")),
        library(&folder, "without-interface", &table("1.99.0")),
        // The last one stayed mapped, so nothing can be opened any more.
        folder.join("another.so"),
    ];
    let reports = cases.map(|path| {
        let error = Runtime::load(Some(&path)).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Runtime);
        error.report().replace(&folder.display().to_string(), "DIR")
    });
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    there is no ONNX Runtime library at DIR/missing.so, named by the command line
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    there is no ONNX Runtime library at DIR/empty-folder, named by the command line
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    DIR/empty.so cannot be opened as a library
      cause: DIR/empty.so: file too short
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    DIR/garbage.so cannot be opened as a library
      cause: DIR/garbage.so: invalid ELF header
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    DIR/cut.so cannot be opened as a library
      cause: DIR/cut.so: file too short
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    DIR/another.so is a library, but not ONNX Runtime
      cause: it has no OrtGetApiBase
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    ONNX Runtime 1.16.3 at DIR/old.so is too old: 1.24 is the oldest that will do
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    ONNX Runtime at DIR/without-interface.so was opened and then failed
      cause: Failed to initialize ORT API
      hint: `make setup` puts the library into .wayside/onnxruntime; or take libonnxruntime.so out of the PyPI wheel onnxruntime 1.31.1 and name it with WAYSIDE_ONNXRUNTIME

    no ONNX Runtime can be opened any more in this process: DIR/without-interface.so was mapped and failed
      hint: mend it and start again
    "#);
}
