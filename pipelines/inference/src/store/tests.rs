use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use super::*;
use crate::manifest::Manifest;

/// A model whose file is the five bytes `hello`.
fn model() -> Model {
    let mut model = Manifest::embedded().expect("a manifest").models()[0].clone();
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        .clone_into(&mut model.sha256);
    model.size_bytes = 5;
    model.url.clear();
    model
}

/// A server that gives each connection the same answer.
fn serve(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/model.onnx", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

fn store(dirs: Vec<PathBuf>, cache: &Path) -> Store {
    let mut store = Store::new(dirs, cache.to_path_buf());
    store.limits.https_only = false;
    store
}

fn report(error: &InferenceError, folder: &Path) -> String {
    let text = error.report().replace(&folder.display().to_string(), "DIR");
    let port = text.find("127.0.0.1:").map(|at| at + 10);
    match port {
        None => text,
        Some(at) => {
            let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
            text.replace(&format!("127.0.0.1:{digits}"), "HOST")
        }
    }
}

fn nothing_heard() -> impl FnMut(u64, u64) {
    |_, _| panic!("nothing is downloaded")
}

#[test]
fn a_local_folder_comes_first() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("yolox_nano.onnx"), "hello").expect("a file");
    let store = store(vec!["/nowhere".into(), folder.path().into()], Path::new("/nowhere"));
    let found = store.locate(&model(), &mut nothing_heard()).expect("the file");
    assert_eq!(found, folder.path().join("yolox_nano.onnx"));
    assert_eq!(store.present(&model()), Some(found));
}

#[test]
fn a_local_file_of_another_content_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("yolox_nano.onnx");
    std::fs::write(&file, "hell").expect("a file");
    let store = store(vec![folder.path().into()], &folder.path().join("cache"));
    let mut model = model();
    model.url = vec![serve("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")];
    let error = store.locate(&model, &mut nothing_heard()).expect_err("refused");
    insta::assert_snapshot!(report(&error, folder.path()), @r#"
    DIR/yolox_nano.onnx is not the model yolox-nano of the manifest
      cause: it has 4 bytes and SHA-256 0ebdc3317b75839f643387d783535adc360ca01f33c75f7c1e7373adcd675c0b; the manifest says 5 bytes and 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
      hint: remove it, so that the right one is fetched, or name another folder
    "#);
    assert_eq!(std::fs::read(&file).expect("the file"), b"hell");
}

#[test]
fn without_file_and_address_the_places_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(vec![folder.path().join("models")], &folder.path().join("cache"));
    let error = store.locate(&model(), &mut nothing_heard()).expect_err("none");
    insta::assert_snapshot!(report(&error, folder.path()), @r#"
    the model yolox-nano is nowhere to be had
      cause: yolox_nano.onnx is in none of DIR/models, DIR/cache, and the manifest gives no address
      hint: name the folder that holds it with --models-dir or WAYSIDE_MODELS
    "#);
}

#[test]
fn a_download_is_checked_kept_and_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("a/cache");
    std::fs::create_dir_all(&cache).expect("a folder");
    // A file of the right name that a crash or a defect left in the cache is replaced.
    std::fs::write(cache.join("yolox_nano.onnx"), "hel").expect("a file");
    let mut model = model();
    model.url = vec![
        serve("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
        serve("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"),
    ];
    let store = store(vec![], &cache);
    let mut heard = Vec::new();
    let file = store.locate(&model, &mut |done, all| heard.push((done, all))).expect("the file");
    assert_eq!(std::fs::read(&file).expect("the file"), b"hello");
    assert_eq!((heard.first(), heard.last()), (Some(&(0, 5)), Some(&(5, 5))));
    assert_eq!(store.locate(&model, &mut nothing_heard()).expect("the file"), file);
}

#[test]
fn bad_answers_leave_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(vec![], folder.path());
    let mut reports = Vec::new();
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhullo",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhel",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhellohell",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        "not http at all",
    ] {
        let mut model = model();
        model.url = vec![serve(answer)];
        let error = store.locate(&model, &mut |_, _| {}).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Download);
        reports.push(report(&error, folder.path()));
        let left = std::fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(left, 0, "something was left behind");
    }
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: its SHA-256 is 7835066a1457504217688c8f5d06909c6591e0ca78c254ccf17450d0d999cab0, and the manifest says 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS

    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: only 3 bytes came, and the manifest says 5
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS

    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: more than 5 bytes came, and the manifest says 5
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS

    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: Peer disconnected
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS

    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: http status: 404
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS

    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: protocol: http parse fail: invalid HTTP version
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS
    "#);
}

#[test]
fn only_https_is_spoken() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut model = model();
    model.url = vec![serve("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")];
    let store = Store::new(vec![], folder.path().to_path_buf());
    let error = store.locate(&model, &mut |_, _| {}).expect_err("refused");
    insta::assert_snapshot!(report(&error, folder.path()), @r#"
    the model yolox-nano could not be downloaded
      cause: http://HOST/model.onnx: configured for https only: http://HOST/model.onnx
      hint: fetch http://HOST/model.onnx elsewhere and put it into a folder named by --models-dir or WAYSIDE_MODELS
    "#);
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let mut model = model();
    model.url = vec![serve("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")];
    let error = store(vec![], &file.join("cache")).locate(&model, &mut |_, _| {});
    insta::assert_snapshot!(report(&error.expect_err("refused"), folder.path()), @r#"
    cannot write DIR/file/cache
      cause: Not a directory (os error 20)
      hint: make room, or name a folder for the cache that can be written to
    "#);
}
