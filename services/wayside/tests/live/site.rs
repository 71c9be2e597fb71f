//! Site files with live cameras.

use std::path::Path;

use crate::common::sites;
use crate::films;

/// A camera of a site file.
#[derive(Clone, Debug)]
pub struct Pole {
    pub id: String,
    pub url: String,
    pub size: (u32, u32),
    /// More lines of its `[camera.rtsp]`.
    pub keys: String,
}

impl Pole {
    /// A camera of the size of [`films::quiet`].
    pub fn new(id: &str, url: &str) -> Self {
        Self { id: id.to_owned(), url: url.to_owned(), size: films::SIZE, keys: String::new() }
    }

    pub fn with(mut self, line: &str) -> Self {
        self.keys = format!("{}{line}\n", self.keys);
        self
    }

    pub fn sized(mut self, width: u32, height: u32) -> Self {
        self.size = (width, height);
        self
    }

    fn text(&self) -> String {
        let Self { id, url, size: (width, height), keys } = self;
        let (sx, sy) = (f64::from(*width) / 320.0, f64::from(*height) / 180.0);
        let points: String = POINTS
            .iter()
            .map(|([x, y], [east, north])| {
                let (x, y) = (x * sx, y * sy);
                format!("    {{ image_px = [{x:.3}, {y:.3}], ground_m = [{east}, {north}] }},\n")
            })
            .collect();
        format!(
            "[[camera]]\nid = \"{id}\"\nwidth_px = {width}\nheight_px = {height}\n\n\
             [camera.calibration]\npoints = [\n{points}]\n\n\
             [camera.rtsp]\nurl = \"{url}\"\n{keys}\n"
        )
    }
}

/// The calibration of [`sites::SITE`].
const POINTS: [([f64; 2], [f64; 2]); 5] = [
    ([172.25, 170.95], [226.4, 190.0]),
    ([99.425, 109.575], [213.6, 209.6]),
    ([111.175, 91.05], [209.6, 226.4]),
    ([223.85, 94.125], [230.4, 226.4]),
    ([188.3, 71.85], [220.0, 270.0]),
];

/// A site with these cameras.
pub fn text(cameras: &[Pole]) -> String {
    let (head, rest) = sites::SITE.split_once("[[camera]]").unwrap();
    let (_, tail) = rest.split_once("[signals]").unwrap();
    let cameras: String = cameras.iter().map(Pole::text).collect();
    format!("{head}{cameras}[signals]{tail}")
}

/// Writes the site and its signals into a folder.
pub fn write(dir: &Path, cameras: &[Pole]) {
    sites::write(dir, &text(cameras), sites::SIGNALS);
}

/// Puts another text in the place of the site file, as an editor does: by a rename.
pub fn replace(dir: &Path, text: &str) {
    let new = dir.join("site.toml.new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(new, dir.join("site.toml")).unwrap();
}
