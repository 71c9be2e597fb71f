//! What is sealed opens for its case and its key, and for nothing else.

use proptest::prelude::*;
use wayside_plates::{KeyProblem, MasterKeyId, Plate, Purpose, Sealed, Vault, VaultError, leak};

/// Not random at all: a test must give the same bytes each time.
fn counter(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed | 1;
    move |buffer| {
        for byte in buffer {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (state >> 56) as u8;
        }
    }
}

fn line(id: &str, seed: u64) -> String {
    let id = MasterKeyId::parse(id).expect("an id");
    Vault::new_key_line(&id, &mut counter(seed)).expect("a key").to_string()
}

fn vault(text: &str) -> Vault {
    Vault::from_text(text, "keys.txt").expect("keys")
}

fn text(plate: &Plate) -> &str {
    plate.expose(Purpose::LeakTest)
}

prop_compose! {
    fn any_plate()(text in "[A-Z0-9]{2,12}") -> Plate {
        Plate::parse(&text).expect("a plate")
    }
}

proptest! {
    #[test]
    fn opens_as_it_was_sealed(plate in any_plate(), case in ".{1,60}", seed: u64) {
        let vault = vault(&line("k1", 1));
        let sealed = vault.seal(&case, &plate, &mut counter(seed)).expect("sealed");
        let opened = vault.open(&case, &sealed).expect("opened");
        prop_assert_eq!(text(&opened), text(&plate));
        prop_assert_eq!(
            (sealed.wrapped_key.len(), sealed.nonce.len(), sealed.ciphertext.len()),
            (72, 24, 32)
        );
    }

    #[test]
    fn any_flipped_bit_is_found(plate in any_plate(), bit in 0usize..(72 + 24 + 32) * 8, seed: u64) {
        let vault = vault(&line("k1", 1));
        let mut sealed = vault.seal("case-7", &plate, &mut counter(seed)).expect("sealed");
        let (mut byte, mask) = (bit / 8, 1 << (bit % 8));
        for part in [&mut sealed.wrapped_key, &mut sealed.nonce, &mut sealed.ciphertext] {
            match part.get_mut(byte) {
                Some(found) => {
                    *found ^= mask;
                    break;
                }
                None => byte -= part.len(),
            }
        }
        let what = if bit < 72 * 8 { "wrapped data key" } else { "plate" };
        let expected = VaultError::Damaged { case: "case-7".to_owned(), what };
        prop_assert_eq!(vault.open("case-7", &sealed).err(), Some(expected));
    }

    #[test]
    fn any_shortened_part_is_found(cut in 0usize..128, part in 0usize..3) {
        let vault = vault(&line("k1", 1));
        let plate = Plate::parse("AB12CD").expect("a plate");
        let mut sealed = vault.seal("case-7", &plate, &mut counter(4)).expect("sealed");
        let bytes =
            [&mut sealed.wrapped_key, &mut sealed.nonce, &mut sealed.ciphertext].into_iter().nth(part);
        let bytes = bytes.expect("a part");
        let length = cut % bytes.len();
        bytes.truncate(length);
        let error = vault.open("case-7", &sealed).expect_err("a part is short");
        let erased = part == 0 && length == 0;
        prop_assert_eq!(matches!(error, VaultError::Erased { .. }), erased, "{}", error);
        prop_assert!(erased || matches!(error, VaultError::Damaged { .. }), "{}", error);
    }

    #[test]
    fn any_text_is_a_plate_or_an_error_without_it(text in "\\PC{0,80}") {
        match Plate::parse(&text) {
            Ok(plate) => {
                let kept = plate.expose(Purpose::LeakTest);
                prop_assert!((2..=12).contains(&kept.len()));
                prop_assert!(kept.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
                // Folding again changes nothing.
                let again = Plate::parse(kept).expect("a plate");
                prop_assert_eq!(again.expose(Purpose::LeakTest), kept);
            }
            Err(error) => prop_assert!(text.len() < 12 || !error.to_string().contains(&text)),
        }
    }
}

fn sealed() -> (Vault, Plate, Sealed) {
    let vault = vault(&line("2026-06", 1));
    let plate = Plate::parse("W-12345 X").expect("a plate");
    let sealed = vault.seal("case-7", &plate, &mut counter(9)).expect("sealed");
    (vault, plate, sealed)
}

#[test]
fn a_seal_opens_for_its_own_case_only() {
    let (vault, _, sealed) = sealed();
    let error = vault.open("case-8", &sealed).expect_err("another case");
    insta::assert_snapshot!(error, @"case case-8: the wrapped data key does not open: it was changed, belongs to another case, or its master key was replaced under the same id");
}

#[test]
fn a_data_key_of_another_case_opens_nothing() {
    let (vault, plate, sealed) = sealed();
    let other = vault.seal("case-8", &plate, &mut counter(10)).expect("sealed");
    let mixed = Sealed { wrapped_key: other.wrapped_key, ..sealed };
    assert!(matches!(vault.open("case-7", &mixed), Err(VaultError::Damaged { .. })));
    assert!(matches!(vault.open("case-8", &mixed), Err(VaultError::Damaged { .. })));
}

#[test]
fn two_seals_of_a_plate_have_nothing_in_common() {
    let (vault, plate, first) = sealed();
    let mut random = counter(11);
    let second = vault.seal("case-7", &plate, &mut random).expect("sealed");
    assert_ne!(first.ciphertext, second.ciphertext);
    assert_ne!(first.wrapped_key, second.wrapped_key);
    assert_ne!(first.nonce, second.nonce);
}

#[test]
fn an_erased_plate_opens_for_nobody() {
    let (vault, _, mut sealed) = sealed();
    sealed.erase();
    assert!(sealed.is_erased());
    let error = vault.open("case-7", &sealed).expect_err("erased");
    insta::assert_snapshot!(error, @"case case-7: its plate was erased");
    assert!(vault.rewrap("case-7", &sealed, &mut counter(1)).is_err());
}

#[test]
fn keys_are_rotated_without_touching_the_plate() {
    let (old, plate, sealed) = sealed();
    let both = vault(&format!("# rotated\n{}\n{}", line("2026-12", 2), line("2026-06", 1)));
    assert_eq!(both.current_id().as_str(), "2026-12");
    assert_eq!(text(&both.open("case-7", &sealed).expect("the old key")), text(&plate));

    let again = both.rewrap("case-7", &sealed, &mut counter(12)).expect("wrapped anew");
    assert_eq!(again.ciphertext, sealed.ciphertext);
    assert_eq!(again.master_key_id.as_str(), "2026-12");

    let new = vault(&line("2026-12", 2));
    assert_eq!(text(&new.open("case-7", &again).expect("the new key")), text(&plate));
    let error = new.open("case-7", &sealed).expect_err("the old key is gone");
    insta::assert_snapshot!(error, @r"
    case case-7: its plate was sealed under master key `2026-06`, and the keys here are 2026-12
      hint: a key stays in the file until everything that it wraps was wrapped anew
    ");
    let error = old.open("case-7", &again).expect_err("the new key is not here");
    assert!(matches!(error, VaultError::UnknownKey { .. }));
}

#[test]
fn another_key_under_the_same_id_is_found() {
    let (_, _, sealed) = sealed();
    let error = vault(&line("2026-06", 99)).open("case-7", &sealed).expect_err("another key");
    assert!(matches!(error, VaultError::Damaged { what: "wrapped data key", .. }), "{error}");
}

#[test]
fn nothing_shows_a_plate_or_a_key() {
    let (vault, plate, sealed) = sealed();
    let keys = line("2026-06", 1);
    let key = keys.split_whitespace().nth(1).expect("a key");
    let shown = format!("{vault:?} {plate} {plate:?} {sealed:?}");
    assert!(!shown.contains(key));
    leak::assert_no_plate("what is shown", shown.as_bytes(), &plate);
    for part in [&sealed.wrapped_key, &sealed.nonce, &sealed.ciphertext] {
        leak::assert_no_plate("what is stored", part, &plate);
    }
}

#[test]
fn bad_keys_are_named_and_not_repeated() {
    let good = line("a", 1);
    let key = good.split_whitespace().nth(1).expect("a key").to_owned();
    let said: Vec<String> = [
        String::new(),
        "# nothing\n\n".to_owned(),
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n".to_owned(),
        key.clone(),
        format!("A {key}"),
        format!("a {key} more"),
        format!("a {}", &key[..40]),
        format!("a {}", key.repeat(2)),
        format!("a {}", key.repeat(5)),
        "a !!!".to_owned(),
        "a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned(),
        format!("{good}\n{good}"),
        format!("{good}b {key}"),
        (0..65).map(|n| line(&format!("k{n}"), n * 2)).collect(),
    ]
    .iter()
    .map(|text| {
        let said = Vault::from_text(text, "keys.txt").expect_err("no keys").to_string();
        assert!(!said.contains(&key[..40]), "{said}");
        said
    })
    .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn keys_come_from_a_file_or_say_why_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.txt");
    let missing = Vault::from_file(&path).expect_err("no file").to_string();
    assert!(missing.contains("keys.txt: master keys cannot be read: No such file"), "{missing}");
    std::fs::write(&path, line("k1", 1)).expect("written");
    assert_eq!(Vault::from_file(&path).expect("keys").current_id().as_str(), "k1");
    std::fs::write(&path, vec![b'a'; 70_000]).expect("written");
    let large = Vault::from_file(&path).expect_err("too large").to_string();
    assert!(large.ends_with("it has 70000 bytes, a file of keys has at most 65536"), "{large}");
    let unset = Vault::from_env("WAYSIDE_PLATES_TEST_UNSET").expect_err("unset");
    insta::assert_snapshot!(unset, @"environment variable WAYSIDE_PLATES_TEST_UNSET: master keys cannot be read: environment variable not found");
}

#[test]
fn a_case_has_an_id_and_randomness_is_none_of_zeros() {
    let (vault, plate, _) = sealed();
    let long = "c".repeat(257);
    for case in ["", long.as_str()] {
        let error = vault.seal(case, &plate, &mut counter(1)).expect_err("no case");
        assert!(matches!(error, VaultError::Case { bytes_max: 256, .. }), "{error}");
    }
    let error = vault.seal("case-7", &plate, &mut |_| ()).expect_err("no randomness");
    assert_eq!(error, VaultError::NoRandomness);
    assert_eq!(MasterKeyId::parse("A"), Err(KeyProblem::Id));
}
