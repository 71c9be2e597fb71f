//! What the detector looked at: a drawing, a row for each part, and what they show together.

use std::fmt::Write as _;

use base64::Engine as _;

use super::data::{Tile, TilesView};

/// Parts that are drawn and listed at most; a replay has a dozen at most.
const TILES_MAX: usize = 200;
/// Colours of parts; the style has as many.
const COLOURS: usize = 10;
/// Width of a letter, in its height; of bold digits and small letters nearly all are narrower.
const LETTER_WIDTH: f64 = 0.62;

/// What the template shows.
pub(crate) struct Looked {
    /// The parts over the still, as SVG.
    pub(crate) drawing: String,
    /// What they show together.
    pub(crate) sentences: Vec<String>,
    /// One row for each part.
    pub(crate) rows: Vec<Row>,
}

/// A part in words.
pub(crate) struct Row {
    pub(crate) number: usize,
    /// Class of its colour.
    pub(crate) colour: String,
    pub(crate) part: String,
    pub(crate) scale: String,
    pub(crate) car: String,
    pub(crate) road: String,
    pub(crate) people: String,
}

impl Looked {
    pub(crate) fn new(view: &TilesView) -> Self {
        let rows = view.tiles.iter().take(TILES_MAX).enumerate().map(|(index, tile)| Row {
            number: index + 1,
            colour: colour(index),
            part: format!(
                "{} × {} px at {}, {}",
                tile.rect.width, tile.rect.height, tile.rect.x, tile.rect.y
            ),
            scale: scale(tile.scale),
            car: match tile.car_px.filter(|px| px.iter().all(|value| value.is_finite())) {
                Some([low, high]) => format!("a car here is {} px high", span(low, high)),
                None => "other parts show every car here better".to_owned(),
            },
            road: share(tile.road),
            people: share(tile.people),
        });
        Self { drawing: drawing(view), sentences: sentences(view), rows: rows.collect() }
    }
}

/// What the parts show together.
fn sentences(view: &TilesView) -> Vec<String> {
    let road = view.road.map(|road| {
        format!(
            "Together they show {} of the road in view: a car there is at least 16 pixels high in \
             the model’s input, on {} of the road at least 40.",
            share(Some(road)),
            share(view.road_large)
        )
    });
    let people = view.people.map(|people| {
        format!(
            "They show {} of the places in view where a person can stand, on the road and beside \
             it: a person there is at least 16 pixels high in the model’s input, at {} of the \
             places at least 24.",
            share(Some(people)),
            share(view.people_large)
        )
    });
    road.into_iter().chain(people).collect()
}

/// The parts of the picture as SVG, over the still where there is one.
fn drawing(view: &TilesView) -> String {
    let (w, h) = (view.width.max(1), view.height.max(1));
    let mut svg = format!(
        "<svg class=\"tiles\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{} parts of the \
         picture\">",
        view.tiles.len()
    );
    match &view.still {
        Some(jpeg) => {
            let _ =
                write!(svg, "<image href=\"{}\" width=\"{w}\" height=\"{h}\"/>", data_uri(jpeg));
        }
        None => {
            let _ = write!(svg, "<rect class=\"blank\" width=\"{w}\" height=\"{h}\"/>");
        }
    }
    let tiles: Vec<(usize, &Tile)> = view.tiles.iter().take(TILES_MAX).enumerate().collect();
    // Frames that lie on each other are drawn one within the other.
    for class in ["under", "tile"] {
        for (index, tile) in &tiles {
            let inset = 3 + 4 * (index % 4) as u32;
            let _ = write!(
                svg,
                "<rect class=\"{class} {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                colour(*index),
                tile.rect.x.saturating_add(inset),
                tile.rect.y.saturating_add(inset),
                tile.rect.width.saturating_sub(2 * inset),
                tile.rect.height.saturating_sub(2 * inset),
            );
        }
    }
    let mut taken: Vec<[f64; 4]> = Vec::new();
    for (index, tile) in &tiles {
        plate(&mut svg, &mut taken, *index, tile, f64::from(w));
    }
    svg.push_str("</svg>");
    svg
}

/// Number and size of cars in a corner of the part, where no other stands.
fn plate(svg: &mut String, taken: &mut Vec<[f64; 4]>, index: usize, tile: &Tile, width: f64) {
    let size = width / 62.0;
    let name = match tile.car_px.filter(|px| px.iter().all(|value| value.is_finite())) {
        Some([low, high]) => format!("{} · car {} px", index + 1, span(low, high)),
        None => (index + 1).to_string(),
    };
    let letters = name.chars().count() as f64;
    let (w, h) = ((letters * LETTER_WIDTH + 0.6) * size, size * 1.5);
    let inset = 6.0 + 4.0 * (index % 4) as f64;
    let r = tile.rect.to_box();
    let (x0, y0) = (f64::from(r.x0) + inset, f64::from(r.y0) + inset);
    let (x1, y1) = (f64::from(r.x1) - inset - w, f64::from(r.y1) - inset - h);
    let middle = (x0 + x1) / 2.0;
    let spots = [(x0, y0), (x1, y0), (x0, y1), (x1, y1), (middle, y0), (middle, y1)];
    let free = |&(x, y): &(f64, f64)| {
        !taken.iter().any(|t| x < t[2] && t[0] < x + w && y < t[3] && t[1] < y + h)
    };
    let (x, y) = spots.into_iter().find(free).unwrap_or((x0, y0));
    taken.push([x, y, x + w, y + h]);
    let _ = write!(
        svg,
        "<rect class=\"plate {}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" \
         rx=\"{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" \
         style=\"font-size:{size:.1}px\">{name}</text>",
        colour(index),
        size / 4.0,
        x + w / 2.0,
        y + h * 0.71,
    );
}

/// Class of a part's colour.
fn colour(index: usize) -> String {
    format!("t{}", index % COLOURS)
}

/// `49 to 71`, or one number where both round to it.
fn span(low: f64, high: f64) -> String {
    let (low, high) = (low.round(), high.round());
    if low < high { format!("{low:.0} to {high:.0}") } else { format!("{low:.0}") }
}

/// `0.45, scaled down`.
fn scale(scale: f64) -> String {
    let how = match scale {
        s if s < 0.995 => ", scaled down",
        s if s > 1.005 => ", enlarged",
        _ => "",
    };
    format!("{scale:.2}{how}")
}

/// `94 %`; 100 only where nothing is left out, 0 only where there is nothing.
fn share(share: Option<f64>) -> String {
    let Some(share) = share.filter(|share| share.is_finite()) else { return "–".to_owned() };
    let percent = (share * 100.0).clamp(0.0, 100.0);
    if percent > 99.0 && percent < 100.0 {
        format!("{:.1} %", (percent * 10.0).floor() / 10.0)
    } else if percent > 0.0 && percent < 1.0 {
        "under 1 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// A JPEG as part of the page.
pub(crate) fn data_uri(jpeg: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(jpeg);
    format!("data:image/jpeg;base64,{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_honestly() {
        let said = [0.0, 0.004, 0.5, 0.985, 0.9996, 1.0].map(|value| share(Some(value)));
        assert_eq!(said, ["0 %", "under 1 %", "50 %", "98 %", "99.9 %", "100 %"]);
        assert_eq!((share(None), share(Some(f64::NAN))), ("–".to_owned(), "–".to_owned()));
    }

    #[test]
    fn scales_and_spans_are_words() {
        assert_eq!([0.447, 1.0, 1.6].map(scale), ["0.45, scaled down", "1.00", "1.60, enlarged"]);
        assert_eq!([span(48.6, 70.9), span(40.1, 40.4)], ["49 to 71", "40"]);
    }
}
