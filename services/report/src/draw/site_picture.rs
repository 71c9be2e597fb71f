//! The site drawn over a frame, so that a wrong calibration is seen at once.

use image::{Rgb, RgbImage};
use wayside_picture::{Picture, PixelRect};
use wayside_site::Site;
use wayside_site::geometry::Vec2;

use super::labels::Area;
use super::paint::{Canvas, Pen};
use super::palette::{INK, Rgba, VERMILION, WHITE, YELLOW, faint};
use super::rgb::crop_rgb;
use super::scene::{self, Detail};
use super::view::View;

/// Distance between lines of the grid, metres.
const GRID_M: f64 = 10.0;
/// Lines of the grid in each direction at most.
const GRID_LINES_MAX: i64 = 80;
/// Height of the legend below the picture, pixels.
const LEGEND_PX: u32 = 96;
/// Narrower pictures are scaled up to this width, so that names can be read.
const WIDTH_MIN: u32 = 1280;
/// Residual vectors are drawn this many times too long, since good ones are too short to see.
const RESIDUAL_SCALE: f64 = 10.0;

/// The site over a frame of `camera` (redacted, where it shows a real road: PV-1), with a metre grid
/// every 10 m, calibration points with their residuals (ten times too long) and a legend below. An
/// unknown camera yields the picture with a note in the legend.
#[must_use]
pub fn draw_site(site: &Site, camera: &str, picture: &Picture) -> RgbImage {
    let whole = PixelRect { x: 0, y: 0, width: picture.width, height: picture.height };
    let mut frame = crop_rgb(picture, whole);
    if frame.width() == 0 || frame.height() == 0 {
        frame = RgbImage::new(WIDTH_MIN, WIDTH_MIN * 9 / 16);
    }
    if frame.width() < WIDTH_MIN {
        let height = (u64::from(frame.height()) * u64::from(WIDTH_MIN) / u64::from(frame.width()))
            .clamp(1, 4096) as u32;
        let filter = image::imageops::FilterType::Triangle;
        frame = image::imageops::resize(&frame, WIDTH_MIN, height, filter);
    }
    let (width, height) = (frame.width(), frame.height());
    let Some(mut canvas) = Canvas::new(width, height + LEGEND_PX) else { return frame };
    let legend = Area { x: 0.0, y: height as f32, width: width as f32, height: LEGEND_PX as f32 };
    let text = match View::new(site, camera, width, height) {
        Some(view) => {
            let crossings = grid(&mut canvas, &view, width, height);
            let names = scene::paint(&mut canvas, &view, site, Detail::Survey, 15, &[legend]);
            coordinates(&mut canvas, &crossings, names, legend);
            calibration(&mut canvas, &view, site, camera);
            summary(site, camera)
        }
        None => [format!("The site file has no camera `{camera}`."), String::new()],
    };
    paint_legend(&mut canvas, &text, legend);
    compose(&frame, &canvas)
}

/// Lines of constant x and y around the middle of the lower half of the picture.
/// Returns where lines cross: the place and its coordinates in words.
fn grid(canvas: &mut Canvas, view: &View, width: u32, height: u32) -> Vec<([f32; 2], String)> {
    let (w, h) = (width as f32, height as f32);
    let spots = [[0.0, h], [w, h], [w / 2.0, h], [0.0, h * 0.6], [w, h * 0.6], [w / 2.0, h * 0.5]];
    let seen: Vec<Vec2> = spots.iter().filter_map(|spot| view.ground(*spot)).collect();
    let range = |axis: usize| {
        let low = seen.iter().map(|p| p[axis]).fold(f64::INFINITY, f64::min);
        let high = seen.iter().map(|p| p[axis]).fold(f64::NEG_INFINITY, f64::max);
        let first = (low / GRID_M).floor() as i64 - 3;
        let last = ((high / GRID_M).ceil() as i64 + 3).min(first.saturating_add(GRID_LINES_MAX));
        (first, last)
    };
    if seen.is_empty() {
        return Vec::new();
    }
    let ((x0, x1), (y0, y1)) = (range(0), range(1));
    let at = |i: i64| i as f64 * GRID_M;
    let pen = Pen::bare(faint(WHITE, 95), 1.0);
    for x in x0..=x1 {
        canvas.lines(&view.polyline(&[[at(x), at(y0)], [at(x), at(y1)]]), pen);
    }
    for y in y0..=y1 {
        canvas.lines(&view.polyline(&[[at(x0), at(y)], [at(x1), at(y)]]), pen);
    }
    let mut crossings = Vec::new();
    for y in y0..=y1 {
        for x in x0..=x1 {
            let place = [at(x), at(y)];
            let near = view.pixels_per_metre(place).is_some_and(|px| px > 9.0);
            if let (Some(p), true) = (view.point(place), near) {
                crossings.push((p, format!("{:.0}, {:.0}", place[0], place[1])));
            }
        }
    }
    crossings
}

/// Coordinates at the crossings of the grid, where names leave room. The nearest come first.
fn coordinates(
    canvas: &mut Canvas,
    crossings: &[([f32; 2], String)],
    mut taken: Vec<Area>,
    legend: Area,
) {
    let mut sorted: Vec<_> = crossings.iter().collect();
    sorted.sort_by(|a, b| b.0[1].total_cmp(&a.0[1]));
    taken.push(legend);
    for (p, text) in sorted {
        let [w, h] = canvas.texter.size(text, 11);
        let area = Area { x: p[0] + 3.0, y: p[1] + 1.0, width: w, height: h };
        // Some air around them keeps the far part of the grid readable.
        let wide = Area { x: area.x - 16.0, y: area.y - 5.0, width: w + 32.0, height: h + 10.0 };
        if taken.iter().any(|other| other.overlaps(&wide)) {
            continue;
        }
        canvas.text(text, [area.x, area.y], 11, faint(WHITE, 190));
        taken.push(area);
    }
}

/// Calibration points: where they were marked, and where the fit puts them.
fn calibration(canvas: &mut Canvas, view: &View, site: &Site, camera: &str) {
    let Some(camera) = site.camera(camera) else { return };
    for (number, point) in camera.calibration.points.iter().enumerate().take(200) {
        let marked = view.pixel(point.image_px);
        if !marked.iter().all(|value| value.is_finite()) {
            continue;
        }
        if let Some(fitted) = view.point(point.ground_m) {
            let stretch = RESIDUAL_SCALE as f32;
            let end = [0, 1].map(|i| marked[i] + (fitted[i] - marked[i]) * stretch);
            canvas.lines(&[vec![marked, end]], Pen::new(VERMILION, 2.5));
        }
        canvas.disc(marked, 4.0, YELLOW);
        canvas.text(&format!("{}", number + 1), [marked[0] + 6.0, marked[1] - 18.0], 14, YELLOW);
    }
}

/// Two lines about the camera and its calibration.
fn summary(site: &Site, camera: &str) -> [String; 2] {
    let (Some(model), Some(entry)) = (site.camera_model(camera), site.camera(camera)) else {
        return [String::new(), String::new()];
    };
    let head = &site.file().site;
    let name = if head.name.is_empty() { &head.id } else { &head.name };
    let residual = model.homography().residual_m();
    let verdict = if residual <= entry.calibration.residual_m_max { "within" } else { "BEYOND" };
    [
        format!(
            "{name}, camera {camera}: {} calibration points, residual {residual:.2} m (root mean \
             square), {verdict} the limit of {:.2} m",
            entry.calibration.points.len(),
            entry.calibration.residual_m_max,
        ),
        format!(
            "Camera {:.1} m above the road, focal length {:.0} px{}. Lines must lie on the markings of \
             the road.",
            model.position_m()[2],
            model.focal_px(),
            if model.focal_is_assumed() { " (assumed)" } else { "" },
        ),
    ]
}

fn paint_legend(canvas: &mut Canvas, lines: &[String; 2], area: Area) {
    canvas.rect(area.x, area.y, area.width, area.height, INK);
    for (line, y) in lines.iter().zip([3.0, 24.0]) {
        let line = canvas.texter.fit(line, 15, area.width - 20.0);
        canvas.text(&line, [8.0, area.y + y], 15, WHITE);
    }
    let entries: [(&str, Rgba); 10] = [
        ("lane and direction", scene::LANE),
        ("stop line with signal", scene::STOP),
        ("stop line without", scene::STOP_UNSIGNALLED),
        ("conflict area", scene::AREA),
        ("crossing", scene::CROSSING),
        ("no stopping", scene::ZONE),
        ("exit line", scene::EXIT),
        ("grid of 10 m (x east, y north)", faint(WHITE, 110)),
        ("calibration point", YELLOW),
        ("residual, ten times too long", VERMILION),
    ];
    let (mut x, mut y) = (10.0, area.y + 52.0);
    for (name, colour) in entries {
        let wide = canvas.texter.size(name, 13)[0] + 34.0;
        if x + wide > area.width {
            (x, y) = (10.0, y + 20.0);
        }
        canvas.rect(x, y + 5.0, 16.0, 8.0, colour);
        canvas.text(name, [x + 20.0, y], 13, faint(WHITE, 235));
        x += wide;
    }
}

/// The frame with the canvas over it, the legend below.
fn compose(frame: &RgbImage, canvas: &Canvas) -> RgbImage {
    let pixels = canvas.pixmap.pixels();
    RgbImage::from_fn(canvas.pixmap.width(), canvas.pixmap.height(), |x, y| {
        let under = if y < frame.height() { frame.get_pixel(x, y).0 } else { [0; 3] };
        let Some(over) = pixels.get((y * canvas.pixmap.width() + x) as usize) else {
            return Rgb(under);
        };
        let rest = 255 - u32::from(over.alpha());
        let mix = |new: u8, old: u8| {
            (u32::from(new) + (u32::from(old) * rest + 127) / 255).min(255) as u8
        };
        Rgb([mix(over.red(), under[0]), mix(over.green(), under[1]), mix(over.blue(), under[2])])
    })
}
