//! What every test of this crate signs.

use wayside_credentials::{Credentials, Facts, Origin};
use wayside_proto::EventTime;

/// A key for tests: 32 times `seed`, PKCS#8 in PEM.
pub fn key_pem(seed: u8) -> String {
    use ed25519_dalek::pkcs8::EncodePrivateKey;
    use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    key.to_pkcs8_pem(LineEnding::LF).expect("PEM").to_string()
}

/// Self-issued credentials of a junction.
pub fn credentials() -> Credentials {
    Credentials::self_issued("main-and-third", &key_pem(7)).expect("credentials")
}

/// A small picture with something in it.
pub fn jpeg() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(160, 96, |x, y| {
        image::Rgb([(x * 3 % 251) as u8, (y * 5 % 241) as u8, ((x ^ y) % 256) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("JPEG");
    bytes.into_inner()
}

/// A small clip.
pub const MP4: &[u8] = include_bytes!("../../../../pipelines/capture/tests/clips/bframes.mp4");

/// What is said about the still.
pub fn facts() -> Facts {
    Facts {
        violation: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned(),
        part: "stills/at_line.jpg".to_owned(),
        title: "Red light, still 2 of 3".to_owned(),
        site: "main-and-third".to_owned(),
        camera: "north".to_owned(),
        rule: "red_light".to_owned(),
        captured_at: EventTime::parse("2026-06-01T07:00:12.5Z").expect("an instant"),
        origin: Origin::Camera,
    }
}

/// What is said about the clip.
pub fn clip_facts() -> Facts {
    Facts {
        part: "clip.mp4".to_owned(),
        title: "Red light, clip".to_owned(),
        origin: Origin::Simulation,
        ..facts()
    }
}
