//! What one look of a detector gave, told from no look at all.

/// What a detector gave for one picture. A look that failed is neither: it is an error of the whole clip before
/// anything gets here.
#[derive(Clone, Debug, PartialEq)]
pub enum Look<T> {
    /// Nobody looked at this picture.
    NotLooked,
    /// Somebody looked, and saw these; perhaps none.
    Saw(Vec<T>),
}

impl<T> Look<T> {
    /// What was seen; nothing where nobody looked.
    #[must_use]
    pub fn seen(&self) -> &[T] {
        match self {
            Self::NotLooked => &[],
            Self::Saw(seen) => seen,
        }
    }

    /// Whether somebody looked.
    #[must_use]
    pub fn happened(&self) -> bool {
        matches!(self, Self::Saw(_))
    }

    /// The same with what was seen changed.
    pub(super) fn map(self, change: impl FnOnce(Vec<T>) -> Vec<T>) -> Self {
        match self {
            Self::NotLooked => Self::NotLooked,
            Self::Saw(seen) => Self::Saw(change(seen)),
        }
    }
}
