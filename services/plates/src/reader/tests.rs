//! From a sealed package to a suggestion.

use image::RgbImage;
use wayside_package::{Draft, Package};
use wayside_proto::{BoxPx, Content};

use super::package_fixture::{red_light, seal};
use super::render::{Dice, plate_text, vehicle};
use super::{measure, stills};
use crate::{Purpose, leak};

/// A package whose three stills show a vehicle with this plate, 160 pixels wide, in a street full of
/// another plate that is nobody's business.
fn package(text: &str, other: &str) -> Vec<u8> {
    let mut draft = red_light();
    let mut dice = Dice::new(5);
    let shown = vehicle(text, 160.0, &mut dice);
    let beside = vehicle(other, 160.0, &mut dice);
    let (x, y) = (100, 200);
    for observation in &mut draft.observations {
        let Content::Tracks { tracks, .. } = &mut observation.content else { continue };
        for track in tracks {
            let (x1, y1) = ((x + shown.width()) as f32, (y + shown.height()) as f32);
            track.box_px = Some(BoxPx { x0: x as f32, y0: y as f32, x1, y1 });
        }
    }
    let mut street = RgbImage::from_pixel(1280, 720, image::Rgb([90, 92, 90]));
    image::imageops::replace(&mut street, &shown, i64::from(x), i64::from(y));
    image::imageops::replace(&mut street, &beside, 720, 200);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    street.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("JPEG");
    for still in &mut draft.clip.stills {
        still.jpeg = jpeg.get_ref().clone();
    }
    seal(&draft as &Draft).bytes
}

#[test]
fn the_offending_vehicle_is_cut_out_of_the_stills() {
    let bytes = package("AB123CD", "ZZ999ZZ");
    let package = Package::open(&bytes).expect("a whole package");
    let vehicles = stills::vehicles(&package).expect("vehicles");
    // The package's observations end before its last still: without a box nothing is cut out.
    assert_eq!(vehicles.len(), 2);
    let wanted = vehicle("AB123CD", 160.0, &mut Dice::new(5));
    assert!(vehicles.iter().all(|vehicle| vehicle.dimensions() == wanted.dimensions()));
}

#[test]
fn a_still_that_is_no_picture_is_named() {
    let bytes = seal(&red_light()).bytes;
    let package = Package::open(&bytes).expect("a whole package");
    let error = stills::vehicles(&package).expect_err("no picture").to_string();
    assert!(error.starts_with("stills/before.jpg: the still cannot be decoded: "), "{error}");
}

#[test]
fn a_sealed_package_gives_suggestions_of_the_offending_vehicle_alone() {
    let Some(mut reader) = measure::reader() else { return };
    let mut dice = Dice::new(77);
    let (text, other) = (plate_text(&mut dice), plate_text(&mut dice));
    let bytes = package(&text, &other);
    let package = Package::open(&bytes).expect("a whole package");
    let found = reader.suggest(&package).expect("read");
    assert!(found.len() <= super::SUGGESTIONS_MAX);
    let texts: Vec<&str> = found.iter().map(|s| s.plate.expose(Purpose::LeakTest)).collect();
    assert!(texts.contains(&text.as_str()), "not among {} suggestions", texts.len());
    assert!(!texts.contains(&other.as_str()));
    // What is printed says nothing.
    let shown = format!("{found:?}");
    for suggestion in &found {
        leak::assert_no_plate("suggestions", shown.as_bytes(), &suggestion.plate);
    }
    assert_eq!(found.first().map(|s| s.stills), Some(2));
}
