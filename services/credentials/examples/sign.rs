//! Signs a JPEG or an MP4 with made-up facts and a key of 32 equal bytes, for a look at it with other
//! people's tools: `cargo run -p wayside-credentials --example sign -- IN.jpg OUT.jpg`.

use std::path::Path;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use wayside_credentials::{Credentials, Facts, MediaKind, Origin, read};
use wayside_proto::EventTime;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let (Some(from), Some(to)) = (files.next(), files.next()) else {
        return Err("two files are wanted: one to read, one to write".into());
    };
    let clip = Path::new(&from).extension().is_some_and(|ending| ending == "mp4");
    let facts = Facts {
        violation: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned(),
        part: if clip { "clip.mp4" } else { "stills/at_line.jpg" }.to_owned(),
        title: "Red light, an example".to_owned(),
        site: "main-and-third".to_owned(),
        camera: "north".to_owned(),
        rule: "red_light".to_owned(),
        captured_at: EventTime::parse("2026-06-01T07:00:12.5Z")?,
        origin: Origin::Simulation,
    };
    let key = SigningKey::from_bytes(&[7; 32]).to_pkcs8_pem(LineEnding::LF)?;
    let credentials = Credentials::self_issued(&facts.site, &key)?;
    let file = std::fs::read(from)?;
    let (signed, kind) = if clip {
        (credentials.sign_clip(&file, &facts)?, MediaKind::Clip)
    } else {
        (credentials.sign_still(&file, &facts)?, MediaKind::Still)
    };
    for sentence in read(&signed, kind).words() {
        println!("{sentence}");
    }
    std::fs::write(to, signed)?;
    Ok(())
}
