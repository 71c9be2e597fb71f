//! Which passwords are taken: long ones that are not among the worst. No rule says which characters
//! (NIST SP 800-63B, 3.1.1.2: length and a list of known ones help; composition rules do not).

use wayside_cases::Account;

/// Characters that a password has at least.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Characters that it has at most.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// Words by which the worst passwords are made, also with digits and signs around them or repeated.
const WORST: &str = include_str!("worst.txt");

/// Why a password is not taken. The password itself is in none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Too short.
    #[error(
        "a password has at least {PASSWORD_CHARS_MIN} characters\n  hint: a few words in a row are easy to remember"
    )]
    Short,
    /// Too long.
    #[error("a password has at most {PASSWORD_CHARS_MAX} characters")]
    Long,
    /// It is among the first that anybody would try.
    #[error(
        "this password is among those that are tried first\n  hint: a few unrelated words in a row are good"
    )]
    Common,
    /// It is made of the account's name.
    #[error("the password is made of the account's name")]
    Account,
}

/// Whether this password is taken for this account.
///
/// # Errors
/// Why not.
pub fn check_password(password: &str, account: &Account) -> Result<(), PasswordRefused> {
    // Four bytes a character are the most: longer texts are not counted through.
    if password.len() > 4 * PASSWORD_CHARS_MAX {
        return Err(PasswordRefused::Long);
    }
    match password.chars().count() {
        0..PASSWORD_CHARS_MIN => return Err(PasswordRefused::Short),
        PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX => {}
        _ => return Err(PasswordRefused::Long),
    }
    let lower = password.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let name = account.as_str();
    let name_core = name.trim_matches(|c: char| !c.is_alphabetic());
    if lower == name || core == name || (!name_core.is_empty() && core == name_core) {
        return Err(PasswordRefused::Account);
    }
    let words = WORST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let plain: String = core.chars().map(unleet).collect();
    let mut words = words.chain([name_core].into_iter().filter(|name| !name.is_empty()));
    if words.any(|word| repeats(&plain, word) || repeats(core, word) || lower == word) {
        return Err(PasswordRefused::Common);
    }
    if core.is_empty() && lower.chars().filter(char::is_ascii_digit).count() < 16
        || has_short_period(&lower)
        || is_run(&lower)
    {
        return Err(PasswordRefused::Common);
    }
    Ok(())
}

/// Digits and signs that stand for letters.
fn unleet(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

/// `word`, or `wordword` and so on.
fn repeats(text: &str, word: &str) -> bool {
    !text.is_empty()
        && text.len().is_multiple_of(word.len())
        && text == word.repeat(text.len() / word.len())
}

/// `aaaa`, `abcabcabc`: up to four characters again and again.
fn has_short_period(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// Each character is the next (or the one before) of the one before it: `abcdefghijkl`, `987654321098`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps = || codes.iter().zip(codes.iter().skip(1)).map(|(a, b)| b - a);
    // 9 is followed by 0, 0 by 9.
    steps().all(|step| step == 1 || step == -9) || steps().all(|step| step == -1 || step == 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordRefused> {
        check_password(password, &Account::new("jane.roe-7").expect("an account"))
    }

    #[test]
    fn long_ones_are_taken_whatever_they_are_made_of() {
        for password in [
            "correct horse battery",
            "zwölf Zeichen",
            "密码密码密码是十二个字符的长",
            "my password is a poem",
            "k8fj2-xq0z9-11",
            "ничегоособенного",
        ] {
            assert_eq!(check(password), Ok(()), "{password}");
        }
        assert_eq!(check(&"xyz ".repeat(3)), Err(PasswordRefused::Common));
        let words = "one two three four five six seven eight nine ten eleven twelve thirteen ";
        assert_eq!(check(&words.repeat(2)[..128]), Ok(()));
        assert_eq!(check(&words.repeat(2)[..129]), Err(PasswordRefused::Long));
        assert_eq!(check(&"x".repeat(10_000_000)), Err(PasswordRefused::Long));
    }

    #[test]
    fn the_worst_are_refused() {
        assert_eq!(check("elevenchars"), Err(PasswordRefused::Short));
        for password in [
            "password1234",
            "Password!!!!",
            "P@ssw0rd2026",
            "passwordpassword",
            "123456789012",
            "qwertyuiop12",
            "administrator",
            "Wayside20260101",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "abcdefghijkl",
            "987654321098",
            "20.11.2026 !!",
            "letmein12345",
        ] {
            assert_eq!(check(password), Err(PasswordRefused::Common), "{password}");
        }
        for password in ["Jane.Roe-7!!", "12jane.roe34"] {
            let refused = check(password).expect_err("refused");
            assert!(matches!(refused, PasswordRefused::Account), "{password}");
        }
    }
}
