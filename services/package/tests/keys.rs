//! Keys as OpenSSL writes them (`keys/`, made for these tests alone), and what else such files hold.

use wayside_package::keys::RingKey;
use wayside_package::{KeyId, KeyRing, SigningKey, Standing, VerifyingKey};
use wayside_proto::EventTime;

const PRIVATE: &str = include_str!("keys/ed25519.key.pem");
const PUBLIC: &str = include_str!("keys/ed25519.pub.pem");

#[test]
fn keys_of_openssl_are_read_and_written_to_the_byte() {
    let private = SigningKey::from_pem(PRIVATE).expect("a private key");
    let public = VerifyingKey::from_pem(PUBLIC).expect("a public key");
    assert_eq!(private.verifying(), public);
    assert_eq!(private.to_pem().expect("text"), PRIVATE);
    assert_eq!(public.to_pem().expect("text"), PUBLIC);
    // openssl pkey -pubin -in ed25519.pub.pem -outform DER | sha256sum | cut -c1-16
    assert_eq!(public.id().as_str(), "86d082273a90caa9");
    assert_eq!(KeyId::parse("86d082273a90caa9"), Some(public.id()));
    for wrong in ["", "86d082273a90caa9a", "ABCDEF0123456789", "0123456789abcdeg"] {
        assert_eq!(KeyId::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_private_key_is_never_shown() {
    let seed = [0xa5; 32];
    let shown = format!("{:?}", SigningKey::from_seed(&seed));
    assert!(!shown.contains("165") && !shown.contains("a5a5"), "{shown}");
    assert!(shown.contains("[secret]"), "{shown}");
}

#[test]
fn files_of_other_kinds_are_refused_and_named() {
    let files: [(&str, &str); 16] = [
        ("ed25519.key.pem", PRIVATE),
        ("ed25519.pub.pem", PUBLIC),
        ("rsa.key.pem", include_str!("keys/rsa.key.pem")),
        ("rsa.pub.pem", include_str!("keys/rsa.pub.pem")),
        ("rsa.pkcs1.pem", include_str!("keys/rsa.pkcs1.pem")),
        ("p256.key.pem", include_str!("keys/p256.key.pem")),
        ("p256.pub.pem", include_str!("keys/p256.pub.pem")),
        ("p256.sec1.pem", include_str!("keys/p256.sec1.pem")),
        ("x25519.key.pem", include_str!("keys/x25519.key.pem")),
        ("ed448.key.pem", include_str!("keys/ed448.key.pem")),
        ("encrypted.key.pem", include_str!("keys/encrypted.key.pem")),
        ("certificate.pem", include_str!("keys/certificate.pem")),
        ("two", &[PUBLIC, PRIVATE].concat()),
        ("cut off", &PRIVATE[..PRIVATE.len() / 2]),
        ("no key", "hello"),
        ("another block", "-----BEGIN PGP MESSAGE-----\nAAAA\n-----END PGP MESSAGE-----\n"),
    ];
    let mut text = String::new();
    for (name, file) in files {
        let signing = SigningKey::from_pem(file).map(|key| format!("key {}", key.verifying().id()));
        let verifying = VerifyingKey::from_pem(file).map(|key| format!("key {}", key.id()));
        for (wanted, got) in [("to sign", signing), ("to verify", verifying)] {
            let said = got.unwrap_or_else(|error| error.to_string());
            text.push_str(&format!("{name}, {wanted}: {said}\n"));
        }
    }
    insta::assert_snapshot!("kinds_of_files", text);
    assert!(SigningKey::from_pem(&"x".repeat(1 << 20)).is_err());
}

#[test]
fn a_weak_point_is_no_key() {
    // The neutral element: anybody could sign under it.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert!(VerifyingKey::from_bytes(&neutral).is_none());
    let text = PUBLIC.replace(
        PUBLIC.lines().nth(1).expect("a line"),
        "MCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    );
    insta::assert_snapshot!(VerifyingKey::from_pem(&text).expect_err("weak"), @r#"
    its key is one of the weak points of the curve: anybody could sign under it
      hint: this is no key that a tool makes; find out where the file comes from
    "#);
}

#[test]
fn a_ring_knows_names_and_ends() {
    let end = EventTime::parse("2026-06-01T00:00:00Z").expect("an instant");
    let mut key = RingKey::new(VerifyingKey::from_pem(PUBLIC).expect("a key"), "north 2025");
    key.not_after = Some(end);
    let file = key.to_file().expect("text");
    assert_eq!(RingKey::from_file(&file), Ok(key.clone()));
    let mut ring = KeyRing::new();
    let id = ring.add_file(PUBLIC).expect("a key");
    assert_eq!(ring.get(&id).map(|key| key.standing(end)), Some(Standing::InUse));
    // The same key again, with its end: the end holds.
    ring.add_file(&file).expect("a key");
    assert_eq!(ring.iter().count(), 1);
    let known = ring.get(&id).expect("the key");
    assert_eq!(known.name, "north 2025");
    assert_eq!(known.standing(end.plus_s(0.000_001)), Standing::Retired(end));
    let wrong = [
        ("not_after: yesterday\n", PUBLIC),
        ("colour: red\n", PUBLIC),
        ("a note without a colon\n", PUBLIC),
    ];
    let said = wrong.map(|(note, pem)| {
        ring.add_file(&[note, pem].concat()).expect_err("a wrong note").to_string()
    });
    insta::assert_snapshot!(said.join("\n"), @r#"
    `not_after: yesterday` above the key cannot be read: `yesterday` is not an RFC 3339 instant such as 2026-06-01T07:00:00Z: failed to parse four digit integer as year: invalid digit, expected 0-9 but got y
      hint: write `name: TEXT` or `not_after: 2026-06-01T00:00:00Z`
    `colour: red` above the key cannot be read: nobody knows such a note
      hint: write `name: TEXT` or `not_after: 2026-06-01T00:00:00Z`
    `a note without a colon` above the key cannot be read: nobody knows such a note
      hint: write `name: TEXT` or `not_after: 2026-06-01T00:00:00Z`
    "#);
}
