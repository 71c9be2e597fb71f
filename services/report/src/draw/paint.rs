//! A canvas over a picture that knows where it was painted on, so that only those tiles are
//! blended and cleared.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash,
    Transform,
};

use super::palette::{INK, Rgba, faint};
use super::text::Texter;

/// Side of a tile, pixels; even, so that a tile has whole chroma samples.
pub(crate) const TILE: u32 = 16;

/// A transparent picture to paint on.
pub(crate) struct Canvas {
    pub(crate) pixmap: Pixmap,
    pub(crate) texter: Texter,
    dirty: Vec<bool>,
    tiles_across: u32,
}

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) colour: Rgba,
    pub(crate) width: f32,
    /// Opacity of the dark outline, 0 for none.
    pub(crate) outline: u8,
    /// Lengths of dash and gap, pixels.
    pub(crate) dash: Option<[f32; 2]>,
}

impl Pen {
    pub(crate) fn new(colour: Rgba, width: f32) -> Self {
        Self { colour, width, outline: 170, dash: None }
    }

    pub(crate) fn bare(colour: Rgba, width: f32) -> Self {
        Self { colour, width, outline: 0, dash: None }
    }

    pub(crate) fn dashed(self, dash: f32, gap: f32) -> Self {
        Self { dash: Some([dash, gap]), ..self }
    }
}

impl Canvas {
    /// A canvas of this size; none where a side is 0 or absurd.
    pub(crate) fn new(width: u32, height: u32) -> Option<Self> {
        let pixmap = Pixmap::new(width, height)?;
        let (across, down) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let dirty = vec![false; (across * down) as usize];
        Some(Self { pixmap, texter: Texter::new(), dirty, tiles_across: across })
    }

    /// Top left corners of the tiles that were painted on.
    pub(crate) fn dirty_tiles(&self) -> impl Iterator<Item = [u32; 2]> + '_ {
        self.dirty.iter().enumerate().filter(|(_, dirty)| **dirty).map(|(i, _)| {
            [i as u32 % self.tiles_across * TILE, i as u32 / self.tiles_across * TILE]
        })
    }

    /// Makes everything transparent again.
    pub(crate) fn clear(&mut self) {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let tiles: Vec<_> = self.dirty_tiles().collect();
        let data = self.pixmap.data_mut();
        for [x, y] in tiles {
            let (x1, y1) = ((x + TILE).min(width), (y + TILE).min(height));
            for row in y..y1 {
                let (from, to) = ((row * width + x) * 4, (row * width + x1) * 4);
                data[from as usize..to as usize].fill(0);
            }
        }
        self.dirty.fill(false);
    }

    fn mark(&mut self, x0: f32, y0: f32, x1: f32, y1: f32) {
        let last_x = (self.pixmap.width() - 1) as f32;
        let last_y = (self.pixmap.height() - 1) as f32;
        if !(x1 >= 0.0 && y1 >= 0.0 && x0 <= last_x && y0 <= last_y) {
            return;
        }
        let tile = |value: f32, last: f32| value.clamp(0.0, last) as u32 / TILE;
        for ty in tile(y0, last_y)..=tile(y1, last_y) {
            for tx in tile(x0, last_x)..=tile(x1, last_x) {
                if let Some(dirty) = self.dirty.get_mut((ty * self.tiles_across + tx) as usize) {
                    *dirty = true;
                }
            }
        }
    }

    fn mark_path(&mut self, path: &Path, around: f32) {
        let b = path.bounds();
        // Long thin paths would mark large rectangles: mark along the segments instead.
        let points = path.points();
        if b.width() * b.height() > 10_000.0 && points.len() >= 2 {
            for pair in points.windows(2) {
                self.mark_segment([pair[0].x, pair[0].y], [pair[1].x, pair[1].y], around);
            }
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                self.mark_segment([last.x, last.y], [first.x, first.y], around);
            }
            return;
        }
        self.mark(b.left() - around, b.top() - around, b.right() + around, b.bottom() + around);
    }

    fn mark_segment(&mut self, a: [f32; 2], b: [f32; 2], around: f32) {
        let length = ((b[0] - a[0]).abs()).max((b[1] - a[1]).abs());
        let steps = (length / TILE as f32).ceil().clamp(1.0, 4096.0) as u32;
        for step in 0..steps {
            let at = |t: f32| [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
            let (p, q) = (at(step as f32 / steps as f32), at((step + 1) as f32 / steps as f32));
            self.mark(
                p[0].min(q[0]) - around,
                p[1].min(q[1]) - around,
                p[0].max(q[0]) + around,
                p[1].max(q[1]) + around,
            );
        }
    }

    /// Draws lines through these points.
    pub(crate) fn lines(&mut self, runs: &[Vec<[f32; 2]>], pen: Pen) {
        for run in runs {
            if let Some(path) = path_of(run, false) {
                self.stroke(&path, pen);
            }
        }
    }

    /// Draws the outline of a polygon.
    pub(crate) fn outline(&mut self, corners: &[[f32; 2]], pen: Pen) {
        if let Some(path) = path_of(corners, true) {
            self.stroke(&path, pen);
        }
    }

    /// Fills a polygon.
    pub(crate) fn fill(&mut self, corners: &[[f32; 2]], colour: Rgba) {
        let Some(path) = path_of(corners, true) else { return };
        let b = path.bounds();
        self.mark(b.left() - 1.0, b.top() - 1.0, b.right() + 1.0, b.bottom() + 1.0);
        let identity = Transform::identity();
        self.pixmap.fill_path(&path, &solid(colour), FillRule::Winding, identity, None);
    }

    fn stroke(&mut self, path: &Path, pen: Pen) {
        self.mark_path(path, pen.width + 3.0);
        let mut stroke = Stroke {
            width: pen.width + 2.0,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            dash: pen.dash.and_then(|d| StrokeDash::new(d.to_vec(), 0.0)),
            ..Stroke::default()
        };
        let identity = Transform::identity();
        if pen.outline > 0 {
            let dark = solid(faint(INK, pen.outline));
            self.pixmap.stroke_path(path, &dark, &stroke, identity, None);
        }
        stroke.width = pen.width;
        self.pixmap.stroke_path(path, &solid(pen.colour), &stroke, identity, None);
    }

    /// A filled disc with a dark rim.
    pub(crate) fn disc(&mut self, centre: [f32; 2], radius: f32, colour: Rgba) {
        let rim = radius + 1.0;
        self.mark(centre[0] - rim, centre[1] - rim, centre[0] + rim, centre[1] + rim);
        let identity = Transform::identity();
        for (r, paint) in [(rim, faint(INK, colour[3].min(200))), (radius, colour)] {
            if let Some(path) = PathBuilder::from_circle(centre[0], centre[1], r) {
                self.pixmap.fill_path(&path, &solid(paint), FillRule::Winding, identity, None);
            }
        }
    }

    /// A filled rectangle.
    pub(crate) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Rgba) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.mark(x, y, x + width, y + height);
            self.pixmap.fill_rect(rect, &solid(colour), Transform::identity(), None);
        }
    }

    /// One line of text, top left corner at `at`.
    pub(crate) fn text(&mut self, text: &str, at: [f32; 2], size_px: u16, colour: Rgba) {
        let [w, h] = self.texter.size(text, size_px);
        self.mark(at[0] - 2.0, at[1] - 2.0, at[0] + w + 2.0, at[1] + h + 2.0);
        self.texter.draw(&mut self.pixmap, text, at, size_px, colour, true);
    }
}

fn solid(colour: Rgba) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(Color::from_rgba8(colour[0], colour[1], colour[2], colour[3]));
    paint
}

fn path_of(points: &[[f32; 2]], close: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first[0], first[1]);
    for p in rest {
        builder.line_to(p[0], p[1]);
    }
    if close {
        builder.close();
    }
    builder.finish()
}
