use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::manifest::Manifest;

/// A model whose file is the five bytes `hello`.
fn model() -> Model {
    let manifest = Manifest::embedded().expect("a manifest");
    let mut model = manifest.model("yolox-nano").expect("the model").clone();
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        .clone_into(&mut model.sha256);
    model.size_bytes = 5;
    model.url.clear();
    model
}

/// A server that gives each connection the same answer.
fn serve(answer: &'static str) -> String {
    serve_in_turn(&[answer]).0
}

/// A server that gives one answer after the other, the last again and again; its address, and the
/// requests it has had.
fn serve_in_turn(answers: &[&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let (answers, heard) = (answers.to_vec(), Arc::new(Mutex::new(Vec::new())));
    let requests = Arc::clone(&heard);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/model.onnx", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            let mut request = String::new();
            while let Some(Ok(line)) = lines.next()
                && !line.is_empty()
            {
                request += &format!("{}\n", line.to_lowercase());
            }
            let mut requests = requests.lock().expect("the requests");
            let answer = answers[requests.len().min(answers.len() - 1)];
            requests.push(request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, heard)
}

fn store(dirs: Vec<PathBuf>, cache: &Path) -> Store {
    let mut store = Store::new(dirs, cache.to_path_buf());
    store.limits.https_only = false;
    store.limits.pause = Duration::from_millis(1);
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
    assert_eq!(found.path(), Some(&*folder.path().join("yolox_nano.onnx")));
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
    assert_eq!(*file.bytes().expect("the file"), *b"hello");
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
      cause: http://HOST/model.onnx: Peer disconnected (3 tries)
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

/// What is built in wins over a wrong file that an older version left, and is checked as well.
#[test]
fn models_that_are_built_in_come_first() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("yolox_nano.onnx"), "older").expect("a file");
    let mut store = store(vec![folder.path().into()], Path::new("/nowhere"));
    store.embedded = &[("other.onnx", b"other"), ("yolox_nano.onnx", b"hello")];
    let mut model = model();
    let error = store.locate(&model, &mut nothing_heard()).expect_err("not marked as built in");
    assert_eq!(error.kind(), ErrorKind::ModelChecksum);
    model.embedded = true;
    let file = store.locate(&model, &mut nothing_heard()).expect("the file");
    assert_eq!((file.path(), &*file.bytes().expect("its content")), (None, &b"hello"[..]));
    assert_eq!(file.size_bytes().expect("its size"), 5);
    assert_eq!(store.present(&model), Some(file));
    store.embedded = &[("yolox_nano.onnx", b"hullo")];
    let error = store.locate(&model, &mut nothing_heard()).expect_err("refused");
    insta::assert_snapshot!(report(&error, folder.path()), @r#"
    yolox_nano.onnx inside the program is not the model yolox-nano of the manifest
      cause: it has 5 bytes and SHA-256 7835066a1457504217688c8f5d06909c6591e0ca78c254ccf17450d0d999cab0; the manifest says 5 bytes and 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
      hint: build the program again, with the file of its manifest
    "#);
}

#[test]
fn the_projects_folder_comes_after_local_folders() {
    let folder = tempfile::tempdir().expect("a folder");
    let (project, local) = (folder.path().join("project"), folder.path().join("local"));
    for dir in [&project, &local] {
        std::fs::create_dir(dir).expect("a folder");
        std::fs::write(dir.join("yolox_nano.onnx"), "hello").expect("a file");
    }
    let store =
        store(vec![local.clone()], Path::new("/nowhere")).with_shipped(vec![project.clone()]);
    for dir in [local, project] {
        let file = store.locate(&model(), &mut nothing_heard()).expect("the file");
        assert_eq!(file.path(), Some(&*dir.join("yolox_nano.onnx")));
        std::fs::remove_file(dir.join("yolox_nano.onnx")).expect("a file to remove");
    }
    store.locate(&model(), &mut nothing_heard()).expect_err("none is left");
}

#[allow(dead_code)]
#[path = "../../build.rs"]
mod build_script;

/// `build.rs` reads the manifest with a reader of its own.
#[test]
fn what_is_to_be_built_in_is_found_in_the_manifest() {
    let text = "schema = 1\n\n[[model]]\nname = \"a\"\nembedded = true\nfile = \"a.onnx\"\n\n[model.input]\n\
                file = \"input\"\nembedded = true\n\n[[model]]\nfile = \"b.onnx\"\nembedded = false\n\n\
                [[model]]\nfile = \"c.onnx\"\n# embedded = true\n[[model]]\n  file=\"d.onnx\"\n  embedded=true\n";
    assert_eq!(build_script::embedded(text), ["a.onnx", "d.onnx"]);
    assert_eq!(build_script::embedded(""), Vec::<&str>::new());
}

#[test]
fn what_is_built_in_is_what_the_manifest_marks() {
    let manifest = Manifest::embedded().expect("a manifest");
    let marked: Vec<&Model> = manifest.models().iter().filter(|model| model.embedded).collect();
    let names: Vec<&str> = marked.iter().map(|model| &*model.file).collect();
    let built_in: Vec<&str> = file::EMBEDDED.iter().map(|(name, _)| *name).collect();
    assert_eq!(built_in, names);
    let store = Store::new(vec![], "/nowhere".into());
    for model in marked {
        let file =
            store.locate(model, &mut nothing_heard()).unwrap_or_else(|e| panic!("{}", e.report()));
        assert_eq!(file.size_bytes().expect("its size"), model.size_bytes);
    }
}

#[test]
fn a_transfer_that_breaks_off_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let rest =
        "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 3-4/5\r\ncontent-length: 2\r\n\r\nlo";
    let (url, heard) = serve_in_turn(&["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel", rest]);
    let mut model = model();
    model.url = vec![url];
    let mut seen = Vec::new();
    let file = store(vec![], folder.path()).locate(&model, &mut |done, _| seen.push(done));
    assert_eq!(*file.expect("the file").bytes().expect("its content"), *b"hello");
    assert_eq!(seen, [0, 3, 3, 5]);
    let heard = heard.lock().expect("the requests");
    assert!(!heard[0].contains("range:") && heard[1].contains("range: bytes=3-"), "{heard:?}");
}

/// A server that knows no ranges, or gives another one, sends the whole file: what came is dropped.
#[test]
fn a_transfer_that_breaks_off_begins_again_where_it_must() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel";
    let busy = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let other = "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-4/5\r\ncontent-length: 5\r\n\r\nhello";
    for answers in [[cut, busy, whole], [busy, cut, other]] {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, heard) = serve_in_turn(&answers);
        let mut model = model();
        model.url = vec![url];
        let file = store(vec![], folder.path()).locate(&model, &mut |_, _| {});
        assert_eq!(*file.expect("the file").bytes().expect("its content"), *b"hello");
        assert_eq!(heard.lock().expect("the requests").len(), 3);
    }
}

/// Three tries where the failure may pass, one where it will not.
#[test]
fn tries_are_bounded() {
    for (answer, tries) in [
        ("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n", 3),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel", 3),
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 1),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhullo", 1),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, heard) = serve_in_turn(&[answer]);
        let mut model = model();
        model.url = vec![url];
        store(vec![], folder.path()).locate(&model, &mut |_, _| {}).expect_err("refused");
        assert_eq!(heard.lock().expect("the requests").len(), tries, "{answer}");
    }
}
