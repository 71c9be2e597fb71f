//! The web app, out of memory. A path is looked up among the files that there are, and leads nowhere else.
//!
//! Files below `assets/` have a hash of their content in their name and may be kept for a year; the others are
//! asked for again each time, with an `ETag`. What the app's build has compressed goes out compressed where
//! the browser takes it.

mod file;

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use wayside_http::Problem;

use file::File;

/// The files of the app that is compiled in: `(path, content)`; none without the feature `web`.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// The files of a web app.
#[derive(Clone, Debug, Default)]
pub struct Web {
    files: BTreeMap<String, File>,
}

impl Web {
    /// The app that is compiled in; nothing where the program was built without it.
    #[must_use]
    pub fn embedded() -> Self {
        Self::of(EMBEDDED.iter().map(|(path, bytes)| (*path, Bytes::from_static(bytes))))
    }

    /// An app of these files: path, with `/` between its parts, and content. A path that ends with `.br` or
    /// `.gz` is the compressed form of the file without that ending.
    #[must_use]
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, Bytes)>) -> Self {
        let mut packed: Vec<(&str, bool, Bytes)> = Vec::new();
        let mut web = Self::default();
        for (path, bytes) in files {
            match (path.strip_suffix(".br"), path.strip_suffix(".gz")) {
                (Some(of), _) => packed.push((of, true, bytes)),
                (_, Some(of)) => packed.push((of, false, bytes)),
                _ => {
                    web.files.insert(path.to_owned(), File::new(path, bytes));
                }
            }
        }
        for (of, is_brotli, bytes) in packed {
            if let Some(file) = web.files.get_mut(of) {
                let place = if is_brotli { &mut file.brotli } else { &mut file.gzip };
                *place = Some(bytes);
            }
        }
        web
    }

    /// Whether there is an app.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.files.contains_key("index.html")
    }

    /// What a browser gets that asks for `path`.
    #[must_use]
    pub fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let name = path.strip_prefix('/').unwrap_or(path);
        let name = if name.is_empty() { "index.html" } else { name };
        match self.files.get(name) {
            Some(file) => file.answer(headers),
            None if name == "index.html" => Problem::new(
                StatusCode::NOT_FOUND,
                "no-web-app",
                "this program was built without the web app",
            )
            .hint("`scripts/setup.sh web` builds it, and the default features put it in; the API is there")
            .into_response(),
            None => Problem::not_found("page").into_response(),
        }
    }
}
