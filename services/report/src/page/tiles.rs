//! What the detector looked at.

use std::fmt::Write as _;

use base64::Engine as _;

use super::data::TilesView;

/// The parts of the picture as SVG, over the still where there is one.
pub(crate) fn tiles(view: &TilesView) -> String {
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
    for (number, tile) in view.tiles.iter().enumerate().take(200) {
        let _ = write!(
            svg,
            "<rect class=\"tile under\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\"/>\
             <rect class=\"tile\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\
             <text x=\"{}\" y=\"{}\" style=\"font-size:{}px\">{}</text>",
            tile.x,
            tile.y,
            tile.width,
            tile.height,
            tile.x.saturating_add(w / 120),
            tile.y.saturating_add(w / 36),
            w / 40,
            number + 1
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A JPEG as part of the page.
pub(crate) fn data_uri(jpeg: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(jpeg);
    format!("data:image/jpeg;base64,{text}")
}
