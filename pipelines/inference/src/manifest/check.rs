//! What the types cannot say: that a model's parts fit together.

use super::check_layout;
use super::model::{Model, Task};

/// What is wrong with a model: the key, the problem, what to do.
pub(super) struct Finding {
    pub(super) key: &'static str,
    pub(super) problem: String,
    pub(super) hint: &'static str,
}

/// The largest file that is taken for a model, bytes.
pub(super) const SIZE_BYTES_MAX: u64 = 1 << 30;

/// The most bytes of all models that are built into the program.
pub(super) const EMBEDDED_BYTES_MAX: u64 = 3_000_000;

/// The first thing that is wrong with a model.
pub(super) fn first_finding(model: &Model) -> Option<Finding> {
    file(model).or_else(|| input(model)).or_else(|| output(model))
}

/// A finding, as the checks return it.
pub(super) fn find(
    key: &'static str,
    problem: impl Into<String>,
    hint: &'static str,
) -> Option<Finding> {
    Some(Finding { key, problem: problem.into(), hint })
}

fn file(model: &Model) -> Option<Finding> {
    let name_ok = !model.name.is_empty()
        && model.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !name_ok {
        return find(
            "name",
            format!("`{}` is not a name", model.name),
            "lower-case letters, digits and `-`",
        );
    }
    let plain = !model.file.is_empty()
        && !model.file.starts_with('.')
        && !model.file.contains(['/', '\\', '\0']);
    if !plain {
        return find(
            "file",
            format!("`{}` is not the plain name of a file", model.file),
            "the folder comes from --models-dir, WAYSIDE_MODELS or the cache",
        );
    }
    if let Some(url) = model.url.iter().find(|url| !url.starts_with("https://")) {
        return find("url", format!("`{url}` is not an https address"), "models come over https");
    }
    let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if model.sha256.len() != 64 || !model.sha256.chars().all(hexadecimal) {
        return find(
            "sha256",
            format!("`{}` is not a SHA-256", model.sha256),
            "64 lower-case hexadecimal digits, as `sha256sum FILE` prints them",
        );
    }
    if model.size_bytes == 0 || model.size_bytes > SIZE_BYTES_MAX {
        return find(
            "size_bytes",
            format!("{} bytes is not the size of a model", model.size_bytes),
            "from 1 byte to 1 GiB, as `stat -c %s FILE` prints it",
        );
    }
    None
}

fn input(model: &Model) -> Option<Finding> {
    let extents_ok = |shape: &[i64]| shape.iter().all(|&extent| extent == -1 || extent > 0);
    let shape = &model.input.shape;
    if shape.len() != 4 || shape[1] != 3 || !extents_ok(shape) {
        return find(
            "input.shape",
            format!("{shape:?} is not [batch, 3, height, width]"),
            "-1 where the model leaves an extent free",
        );
    }
    let [low, high] = model.input.range;
    if !(low.is_finite() && high.is_finite() && low < high) {
        return find(
            "input.range",
            format!("{low} to {high} is not a range"),
            "for example [0, 1]",
        );
    }
    if model.output.is_empty() {
        return find("output", "no tensor comes out", "list at least one `[[model.output]]`");
    }
    let odd = model.output.iter().find(|tensor| !extents_ok(&tensor.shape));
    odd.and_then(|tensor| {
        find(
            "output.shape",
            format!("{:?} of `{}` is not a shape", tensor.shape, tensor.name),
            "-1 where the model leaves an extent free",
        )
    })
}

fn output(model: &Model) -> Option<Finding> {
    if let Some(layout) = &model.detection {
        return check_layout::layout(model, layout);
    }
    (model.task == Task::RoadUsers).then(|| Finding {
        key: "detection",
        problem: "a detector of road users needs to say what its output means".to_owned(),
        hint: "add `[model.detection]` with format, strides, labels and thresholds",
    })
}
