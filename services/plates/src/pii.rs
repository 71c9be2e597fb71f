//! What must not be printed.

use std::fmt;

use zeroize::Zeroize;

/// A value about a person. It shows as `[redacted]`, has no serialisation and no comparison, and is
/// overwritten when it goes.
///
/// The one way to it is [`Pii::expose`], so that `grep expose` lists every place that sees it.
pub struct Pii<T: Zeroize>(T);

/// Why somebody looks at a value about a person. Goes into the audit log as [`Purpose::as_str`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To encrypt it.
    Seal,
    /// To show it to the reviewer who holds the case.
    ShowToReviewer,
    /// To hold two readings of the same case against each other.
    CompareReadings,
    /// To hand it to the ticketing system, for a citation that was issued.
    HandToTicketing,
    /// To prove that it is nowhere else.
    LeakTest,
}

impl Purpose {
    /// The purpose's name in the audit log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::ShowToReviewer => "show_to_reviewer",
            Self::CompareReadings => "compare_readings",
            Self::HandToTicketing => "hand_to_ticketing",
            Self::LeakTest => "leak_test",
        }
    }
}

impl<T: Zeroize> Pii<T> {
    /// Takes a value in.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value in the clear. Whoever shows it on writes the purpose into the audit log first.
    pub fn expose(&self, _purpose: Purpose) -> &T {
        &self.0
    }

    /// For building a value up in place.
    pub(crate) fn value_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize + Clone> Clone for Pii<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Zeroize> Drop for Pii<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T: Zeroize> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn shows_nothing_in_any_format() {
        let secret = Pii::new("W12345X".to_owned());
        assert_eq!(
            format!("{secret} {secret:?} {secret:#?} {secret:>20} {:?}", Some(&secret)),
            "[redacted] [redacted] [redacted] [redacted] Some([redacted])"
        );
        assert_eq!(secret.expose(Purpose::LeakTest), "W12345X");
    }

    #[test]
    fn is_overwritten_when_it_goes() {
        struct Watched(Rc<Cell<u32>>);
        impl Zeroize for Watched {
            fn zeroize(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let count = Rc::new(Cell::new(0));
        drop(Pii::new(Watched(Rc::clone(&count))));
        assert_eq!(count.get(), 1);
    }
}
