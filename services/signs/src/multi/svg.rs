//! A page of lamps as a drawing, for people who look at a preview.

use std::fmt::Write as _;

use super::render::Lamps;

/// The page as SVG: amber on black, one circle a lit lamp, the others dark. No script, no style, no text.
#[must_use]
pub fn lamps_svg(lamps: &Lamps) -> String {
    let (width, height) = (u32::from(lamps.width) + 2, u32::from(lamps.height) + 2);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\
         <defs><pattern id=\"off\" width=\"1\" height=\"1\" patternUnits=\"userSpaceOnUse\">\
         <circle cx=\"0.5\" cy=\"0.5\" r=\"0.32\" fill=\"#1c1a14\"/></pattern></defs>\
         <rect width=\"{width}\" height=\"{height}\" rx=\"0.8\" fill=\"#070707\"/>\
         <rect x=\"1\" y=\"1\" width=\"{}\" height=\"{}\" fill=\"url(#off)\"/><g fill=\"#ffb000\">",
        lamps.width, lamps.height
    );
    for y in 0..lamps.height {
        for x in (0..lamps.width).filter(|x| lamps.is_lit(*x, y)) {
            let _ = write!(
                svg,
                "<circle cx=\"{x}.5\" cy=\"{y}.5\" r=\"0.46\" transform=\"translate(1 1)\"/>"
            );
        }
    }
    svg.push_str("</g></svg>");
    svg
}
