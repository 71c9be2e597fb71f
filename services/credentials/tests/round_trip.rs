//! What is signed reads back, is the same each time, and shows every change.

mod common;

use common::{MP4, clip_facts, credentials, facts, jpeg, key_pem};
use proptest::prelude::*;
use wayside_credentials::{
    Credentials, CredentialsError, Facts, Integrity, MediaKind, read, read_with_anchors,
};

#[test]
fn a_still_says_who_what_and_when() {
    let signed = credentials().sign_still(&jpeg(), &facts()).expect("signed");
    let report = read(&signed, MediaKind::Still);
    assert_eq!(report.integrity, Integrity::Holds);
    assert_eq!(report.title.as_deref(), Some("Red light, still 2 of 3"));
    assert_eq!(report.made_by.as_deref(), Some(concat!("Wayside ", env!("CARGO_PKG_VERSION"))));
    assert_eq!(report.actions, ["c2pa.created", "c2pa.filtered"]);
    assert_eq!(
        report.digital_source_type.as_deref(),
        Some("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture")
    );
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    assert_eq!(report.signed.as_ref().and_then(|signed| signed.public_key), Some(key));
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    insta::assert_snapshot!(report.words().join("\n"));
    // Still a picture.
    assert_eq!(image::load_from_memory(&signed).expect("a picture").width(), 160);
}

#[test]
fn a_clip_says_so_too() {
    let signed = credentials().sign_clip(MP4, &clip_facts()).expect("signed");
    let report = read(&signed, MediaKind::Clip);
    assert_eq!(report.integrity, Integrity::Holds);
    assert_eq!(
        report.digital_source_type.as_deref(),
        Some("http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia")
    );
    insta::assert_snapshot!(report.words().join("\n"));
}

#[test]
fn the_same_gives_the_same_bytes() {
    let still = || credentials().sign_still(&jpeg(), &facts()).expect("signed");
    assert!(still() == still(), "two runs differ");
    let clip = || credentials().sign_clip(MP4, &clip_facts()).expect("signed");
    assert!(clip() == clip(), "two runs differ");
    let other = Facts { part: "stills/before.jpg".to_owned(), ..facts() };
    assert!(still() != credentials().sign_still(&jpeg(), &other).expect("signed"));
}

#[test]
fn a_trusted_authority_is_named_as_one() {
    let credentials = credentials();
    let signed = credentials.sign_still(&jpeg(), &facts()).expect("signed");
    let authority = pem(credentials.chain().last().expect("an issuer"));
    let trusted = |anchors: Option<&str>| {
        let report = read_with_anchors(&signed, MediaKind::Still, anchors);
        assert_eq!(report.integrity, Integrity::Holds);
        report.signed.expect("a signer").trusted
    };
    assert!(trusted(Some(&authority)));
    assert!(!trusted(None));
    let stranger = Credentials::self_issued("elsewhere", &key_pem(8)).expect("credentials");
    assert!(!trusted(Some(&pem(stranger.chain().last().expect("an issuer")))));
}

#[test]
fn a_chain_from_elsewhere_signs() {
    let made = credentials();
    let chain: String = made.chain().iter().map(|der| pem(der)).collect();
    let given = Credentials::from_pem(&chain, &key_pem(7)).expect("credentials");
    let sign =
        |credentials: &Credentials| credentials.sign_still(&jpeg(), &facts()).expect("signed");
    assert!(sign(&given) == sign(&made));
    // Whose issuer is not in the file, and whose chain is long.
    for chain in [pem(&made.chain()[0]), chain + &pem(&made.chain()[1]).repeat(6)] {
        let given = Credentials::from_pem(&chain, &key_pem(7)).expect("credentials");
        assert_eq!(read(&sign(&given), MediaKind::Still).integrity, Integrity::Holds);
    }
}

#[test]
fn files_without_credentials_have_none() {
    assert_eq!(read(&jpeg(), MediaKind::Still).integrity, Integrity::Absent);
    assert_eq!(read(MP4, MediaKind::Clip).integrity, Integrity::Absent);
    assert_eq!(read(&jpeg(), MediaKind::Still).words(), ["The file has no content credentials."]);
}

#[test]
fn wrong_keys_chains_and_files_are_named() {
    let made = credentials();
    let leaf = pem(&made.chain()[0]);
    let issuer = pem(&made.chain()[1]);
    let ecdsa = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let said: Vec<String> = [
        Credentials::self_issued("site", "no key").err(),
        Credentials::self_issued("site", &leaf).err(),
        Credentials::self_issued("site", &ecdsa).err(),
        Credentials::from_pem("", &key_pem(7)).err(),
        Credentials::from_pem(&key_pem(7), &key_pem(7)).err(),
        Credentials::from_pem(&format!("{issuer}{leaf}"), &key_pem(7)).err(),
        Credentials::from_pem(&leaf, &key_pem(8)).err(),
        Credentials::from_pem(&leaf.replace("MI", "!!"), &key_pem(7)).err(),
        Credentials::from_pem(&leaf.repeat(9), &key_pem(7)).err(),
        Credentials::from_pem("-----BEGIN CERTIFICATE-----\nMII", &key_pem(7)).err(),
        made.sign_still(b"no picture", &facts()).err(),
        made.sign_clip(&jpeg(), &facts()).err(),
        made.sign_still(&made.sign_still(&jpeg(), &facts()).expect("signed"), &facts()).err(),
    ]
    .map(|error: Option<CredentialsError>| error.expect("an error").to_string())
    .into();
    for said in &said {
        assert!(!said.contains(key_pem(7).lines().nth(1).expect("a key")), "{said}");
    }
    insta::assert_snapshot!(said.join("\n"));
}

fn pem(der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Anywhere: in the picture, its headers, the manifest, the certificates, the signature. Never a
    /// panic, and never a file that holds and says or shows anything else. A few bytes of packing (the
    /// padding beside the signature, ids of boxes) are covered by nothing in the C2PA; they say nothing,
    /// and the seal of the package covers them.
    #[test]
    fn any_flipped_bit_of_a_still_is_found(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut signed = SIGNED.with(Clone::clone);
        let place = place.index(signed.len());
        signed[place] ^= 1 << bit;
        let report = read(&signed, MediaKind::Still);
        if report.integrity == Integrity::Holds {
            prop_assert!(report == read(&SIGNED.with(Clone::clone), MediaKind::Still));
            let shown = |jpeg: &[u8]| image::load_from_memory(jpeg).expect("a picture").into_bytes();
            prop_assert!(shown(&signed) == shown(&jpeg()), "byte {place} bit {bit}");
        }
    }

    #[test]
    fn any_shortened_still_is_found(place in any::<prop::sample::Index>()) {
        let signed = SIGNED.with(Clone::clone);
        let report = read(&signed[..place.index(signed.len())], MediaKind::Still);
        prop_assert!(report.integrity != Integrity::Holds);
    }
}

thread_local! {
    static SIGNED: Vec<u8> = credentials().sign_still(&jpeg(), &facts()).expect("signed");
}

/// Of a still's bytes, how many can change without the C2PA noticing.
#[test]
fn little_is_covered_by_nothing() {
    let signed = SIGNED.with(Clone::clone);
    let manifest_end = signed.len() - jpeg().len();
    let mut unnoticed = 0;
    // Every byte of the first parts, then every seventh.
    for at in (0..signed.len()).filter(|at| at % 7 == 0 || *at < 200) {
        let mut one = signed.clone();
        one[at] ^= 1;
        if read(&one, MediaKind::Still).integrity == Integrity::Holds {
            assert!(at < manifest_end + 20, "byte {at} of the picture");
            unnoticed += if at < 200 { 1 } else { 7 };
        }
    }
    assert!(unnoticed < 450, "{unnoticed} bytes");
}

#[test]
fn a_changed_byte_of_the_picture_is_named() {
    let mut signed = credentials().sign_still(&jpeg(), &facts()).expect("signed");
    let last = signed.len() - 40;
    signed[last] ^= 1;
    insta::assert_snapshot!(read(&signed, MediaKind::Still).words().join("\n"));
    let mut clip = credentials().sign_clip(MP4, &clip_facts()).expect("signed");
    let last = clip.len() - 40;
    clip[last] ^= 1;
    assert_eq!(read(&clip, MediaKind::Clip).integrity, Integrity::Broken);
}
