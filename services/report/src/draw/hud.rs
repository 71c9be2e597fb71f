//! What is written over the picture: caption, signal heads, event texts.

use wayside_proto::{EventTime, SignalColour};
use wayside_site::Site;

use super::annotate::{Banner, Severity};
use super::labels::Area;
use super::paint::Canvas;
use super::palette::{self, GREY, INK, SKY, VERMILION, WHITE, YELLOW, faint};

/// Scale of lines and letters against a picture of 720 lines.
pub(super) fn scale(height: u32) -> f32 {
    (height as f32 / 720.0).clamp(0.5, 3.0)
}

/// Size of letters, pixels; never below what can be read.
pub(crate) fn text_px(height: u32, at_720: f32) -> u16 {
    (at_720 * scale(height)).round().clamp(10.0, 90.0) as u16
}

/// The caption bar at the top.
pub(crate) fn bar_area(width: u32, height: u32) -> Area {
    let tall = f32::from(text_px(height, 15.0)) + 11.0;
    Area { x: 0.0, y: 0.0, width: width as f32, height: tall.min(height as f32) }
}

pub(super) fn paint_caption(canvas: &mut Canvas, site: &Site, camera: &str, time: EventTime) {
    let (width, height) = (canvas.pixmap.width(), canvas.pixmap.height());
    let bar = bar_area(width, height);
    let size = text_px(height, 15.0);
    canvas.rect(0.0, 0.0, bar.width, bar.height, faint(INK, 200));
    let clock = clock(time);
    let [clock_width, _] = canvas.texter.size(&clock, size);
    let head = &site.file().site;
    let name = if head.name.is_empty() { &head.id } else { &head.name };
    let room = bar.width - clock_width - 24.0;
    let title = canvas.texter.fit(&format!("{name}  ·  camera {camera}"), size, room);
    canvas.text(&title, [6.0, 2.0], size, WHITE);
    canvas.text(&clock, [bar.width - clock_width - 6.0, 2.0], size, WHITE);
}

/// `2026-06-01 07:00:12.480 UTC`.
fn clock(time: EventTime) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((date, rest)) => {
            let hours = rest.trim_end_matches('Z');
            let kept = hours.len().saturating_sub(3);
            format!("{date} {} UTC", hours.get(..kept).unwrap_or(hours))
        }
        None => text,
    }
}

/// Signal heads in the top right corner: three lamps one over the other, the lit one in colour.
pub(super) fn paint_lamps(
    canvas: &mut Canvas,
    signals: &[(String, Option<SignalColour>)],
    s: f32,
) -> Option<Area> {
    let (width, height) = (canvas.pixmap.width(), canvas.pixmap.height());
    let size = text_px(height, 12.0);
    let radius = 4.5 * s;
    let top = bar_area(width, height).height + 4.0;
    let columns: Vec<(String, Option<SignalColour>, f32)> = signals
        .iter()
        .map(|(name, state)| {
            let name = canvas.texter.fit(name, size, 70.0 * s);
            let wide = canvas.texter.size(&name, size)[0].max(radius * 2.0 + 8.0);
            (name, *state, wide)
        })
        .collect();
    let letters = canvas.texter.size("X", size)[1];
    let (mut kept, mut total) = (0, 6.0);
    for (_, _, wide) in &columns {
        if total + wide > width as f32 * 0.6 {
            break;
        }
        kept += 1;
        total += wide;
    }
    if kept == 0 {
        return None;
    }
    let tall = radius * 2.0 * 3.0 + 4.0 * 3.0 + letters;
    let panel = Area { x: width as f32 - total - 4.0, y: top, width: total, height: tall + 4.0 };
    canvas.rect(panel.x, panel.y, panel.width, panel.height, faint(INK, 150));
    let mut x = panel.x + 3.0;
    for (name, state, wide) in columns.iter().take(kept) {
        let lamps = [SignalColour::Red, SignalColour::Yellow, SignalColour::Green];
        for (row, lamp) in lamps.into_iter().enumerate() {
            let y = panel.y + 4.0 + radius + row as f32 * (radius * 2.0 + 3.0);
            let lit = *state == Some(lamp);
            let colour = if lit { palette::of_signal(*state) } else { faint(GREY, 60) };
            canvas.disc([x + wide / 2.0, y], radius, colour);
        }
        let text_width = canvas.texter.size(name, size)[0];
        let at = [x + (wide - text_width) / 2.0, panel.y + panel.height - letters - 1.0];
        canvas.text(name, at, size, if state.is_some() { WHITE } else { GREY });
        x += wide;
    }
    Some(panel)
}

/// Event texts in the top left corner, the newest on top.
pub(super) fn paint_banners(canvas: &mut Canvas, banners: &[&Banner], s: f32) -> Vec<Area> {
    let (width, height) = (canvas.pixmap.width(), canvas.pixmap.height());
    let size = text_px(height, 18.0);
    let mut y = bar_area(width, height).height + 6.0;
    let mut out = Vec::new();
    for banner in banners.iter().rev() {
        let room = (width as f32 * 0.7 - 30.0 * s).max(0.0);
        let text = canvas.texter.fit(&banner.text, size, room);
        let [w, h] = canvas.texter.size(&text, size);
        let stripe = 6.0 * s;
        let area = Area { x: 6.0, y, width: w + stripe + 12.0, height: h + 4.0 };
        if y + area.height > height as f32 || text.is_empty() {
            break;
        }
        let colour = match banner.severity {
            Severity::Violation => VERMILION,
            Severity::Warning => YELLOW,
            Severity::Info => SKY,
        };
        canvas.rect(area.x, area.y, area.width, area.height, faint(INK, 215));
        canvas.rect(area.x, area.y, stripe, area.height, colour);
        canvas.text(&text, [area.x + stripe + 5.0, area.y + 2.0], size, WHITE);
        y += area.height + 4.0;
        out.push(area);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_shows_milliseconds() {
        let time = EventTime::parse("2026-06-01T07:00:12.48Z").expect("an instant");
        assert_eq!(clock(time), "2026-06-01 07:00:12.480 UTC");
        assert_eq!(clock(EventTime(i64::MAX)), format!("{} us", i64::MAX));
    }
}
