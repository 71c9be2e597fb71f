//! That what is said of a detector's output fits its tensors.

use super::check::{Finding, find};
use super::layout::{BoxKind, DetectionFormat, DetectionLayout};
use super::model::Model;

/// The most points of a curve.
const POINTS_MAX: usize = 64;

/// The tensors of `format = "ttfnet"`.
pub(crate) const HEAT: &str = "heat";
pub(crate) const BOXES: &str = "boxes";

/// Values per cell of `boxes`: left, top, right, bottom, modal then amodal.
pub(crate) const DISTANCES: usize = 8;

/// The first thing that is wrong with a layout.
pub(super) fn layout(model: &Model, layout: &DetectionLayout) -> Option<Finding> {
    thresholds(layout).or_else(|| curve(&layout.found_by_height_px)).or_else(|| {
        let Some(size_px) = model.input.size_px() else {
            return find(
                "input.shape",
                format!("{:?} leaves height or width free", model.input.shape),
                "a detector of road users needs both",
            );
        };
        match layout.format {
            DetectionFormat::Yolox => yolox(model, layout, size_px),
            DetectionFormat::Ttfnet => ttfnet(model, layout, size_px),
        }
    })
}

fn thresholds(layout: &DetectionLayout) -> Option<Finding> {
    let share = |value: f32| (0.0..=1.0).contains(&value);
    if !(share(layout.score_low) && share(layout.score_min) && layout.score_low <= layout.score_min)
    {
        return find(
            "detection.score_low",
            format!(
                "score_low {} and score_min {} are not two scores in order",
                layout.score_low, layout.score_min
            ),
            "0 to 1, score_low at most score_min",
        );
    }
    if !(layout.nms_iou > 0.0 && layout.nms_iou <= 1.0) {
        return find(
            "detection.nms_iou",
            format!("{} is not an overlap", layout.nms_iou),
            "above 0, at most 1",
        );
    }
    if layout.labels.is_empty() {
        return find("detection.labels", "no class is a road user", "for example 2 = \"car\"");
    }
    if layout.strides.is_empty() || layout.strides.contains(&0) {
        return find(
            "detection.strides",
            format!("{:?} are not strides", layout.strides),
            "for example [8, 16, 32]",
        );
    }
    None
}

/// Heights that ascend, each with a share.
fn curve(points: &[[f64; 2]]) -> Option<Finding> {
    const KEY: &str = "detection.found_by_height_px";
    const HINT: &str = "pairs [height in pixels, share from 0 to 1], heights ascending, for example \
                        [[8, 0.0], [32, 0.9], [200, 0.95]]";
    if points.is_empty() {
        return None;
    }
    if points.len() < 2 || points.len() > POINTS_MAX {
        let count = points.len();
        return find(KEY, format!("{count} points are not 2 to {POINTS_MAX}"), HINT);
    }
    for &[height, share] in points {
        if !(height > 0.0 && height <= 10_000.0) {
            return find(KEY, format!("{height} is not a height in pixels"), HINT);
        }
        if !(0.0..=1.0).contains(&share) {
            return find(KEY, format!("{share} at {height} pixels is not a share"), HINT);
        }
    }
    let pair = points.windows(2).find(|pair| pair[0][0] >= pair[1][0])?;
    find(KEY, format!("{} comes after {}", pair[1][0], pair[0][0]), HINT)
}

fn yolox(model: &Model, layout: &DetectionLayout, (height, width): (u32, u32)) -> Option<Finding> {
    if layout.box_kind == BoxKind::Amodal {
        return find(
            "detection.box",
            "YOLOX gives one box per object, around what is visible",
            "leave the key out, or write \"modal\"",
        );
    }
    let rows = layout.rows(height, width);
    let class_last = class_last(layout);
    let columns_min = 5 + class_last + 1;
    let fits = matches!(model.output[..], [ref tensor]
        if matches!(tensor.shape[..], [_, r, c] if i64::try_from(rows) == Ok(r) && c >= columns_min));
    if fits {
        return None;
    }
    find(
        "output.shape",
        format!(
            "{:?} does not fit: strides {:?} over {width}x{height} make {rows} rows, and class \
             {class_last} needs {columns_min} columns or more",
            shapes(model),
            layout.strides
        ),
        "one output [batch, rows, 5 + classes]",
    )
}

fn ttfnet(model: &Model, layout: &DetectionLayout, size_px: (u32, u32)) -> Option<Finding> {
    let [_] = layout.strides[..] else {
        return find(
            "detection.strides",
            format!("{:?} are several levels, and `ttfnet` has one", layout.strides),
            "for example [8]",
        );
    };
    let (rows, columns) = layout.cells(size_px.0, size_px.1);
    let cells = [i64::from(rows), i64::from(columns)];
    let classes_min = class_last(layout) + 1;
    let shape = |name: &str| {
        let tensor = model.output.iter().find(|tensor| tensor.name == name)?;
        <[i64; 4]>::try_from(&tensor.shape[..]).ok()
    };
    let heat = shape(HEAT).is_some_and(|[_, c, r, l]| c >= classes_min && [r, l] == cells);
    let boxes = shape(BOXES).is_some_and(|[_, c, r, l]| c == DISTANCES as i64 && [r, l] == cells);
    if heat && boxes && model.output.len() == 2 {
        return None;
    }
    let (height, width) = size_px;
    let named: Vec<String> =
        model.output.iter().map(|tensor| format!("`{}` {:?}", tensor.name, tensor.shape)).collect();
    find(
        "output.shape",
        format!(
            "{} does not fit: stride {:?} over {width}x{height} makes {rows} x {columns} cells, and \
             class {} needs {classes_min} classes or more",
            named.join(", "),
            layout.strides,
            classes_min - 1
        ),
        "two outputs, `heat` [batch, classes, rows, columns] and `boxes` [batch, 8, rows, columns]",
    )
}

fn class_last(layout: &DetectionLayout) -> i64 {
    i64::from(layout.labels.keys().next_back().copied().unwrap_or(0))
}

fn shapes(model: &Model) -> Vec<&Vec<i64>> {
    model.output.iter().map(|tensor| &tensor.shape).collect()
}
