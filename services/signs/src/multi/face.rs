//! What a sign of lamps can show.

use super::font::{FONT_HEIGHT, FONT_WIDTH};

/// A sign of lamps: its size and how many pages a message may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face {
    pub(super) size: Size,
    pub(super) pages_max: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// A full matrix.
    Lamps { width: u16, height: u16 },
    /// A module of 5 by 7 lamps for each character.
    Cells { columns: u16, rows: u16 },
}

impl Face {
    /// A full matrix of so many lamps.
    #[must_use]
    pub fn lamps(width: u16, height: u16, pages_max: u8) -> Self {
        Self { size: Size::Lamps { width, height }, pages_max }
    }

    /// A sign with a module for each character.
    #[must_use]
    pub fn cells(columns: u16, rows: u16, pages_max: u8) -> Self {
        Self { size: Size::Cells { columns, rows }, pages_max }
    }

    /// Characters of a line.
    #[must_use]
    pub fn columns(&self) -> u16 {
        match self.size {
            Size::Lamps { width, .. } => width.saturating_add(1) / (FONT_WIDTH + 1),
            Size::Cells { columns, .. } => columns,
        }
    }

    /// Lines of a page.
    #[must_use]
    pub fn rows(&self) -> u16 {
        match self.size {
            Size::Lamps { height, .. } => height.saturating_add(1) / (FONT_HEIGHT + 1),
            Size::Cells { rows, .. } => rows,
        }
    }

    /// Pages that a message may have.
    #[must_use]
    pub fn pages_max(&self) -> u8 {
        self.pages_max
    }
}
