//! Which lamps are lit.

use super::error::MultiError;
use super::face::{Face, Size};
use super::font::{FONT_HEIGHT, FONT_WIDTH, glyph};
use super::read::{Page, Place};

/// Dark rows between the modules of two lines.
const ROW_GAP: u16 = 2;

/// A page as lamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamps {
    /// Lamps of a row; between modules there are dark ones.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Row by row from the top left: lit or not.
    pub lit: Vec<bool>,
    /// How long the page is shown, tenths of a second.
    pub on_ds: u16,
    /// How long the sign is dark after it, tenths of a second.
    pub off_ds: u16,
}

impl Lamps {
    /// Whether a lamp is lit; those outside are not.
    #[must_use]
    pub fn is_lit(&self, x: u16, y: u16) -> bool {
        let index = usize::from(y) * usize::from(self.width) + usize::from(x);
        x < self.width && self.lit.get(index).copied().unwrap_or(false)
    }

    /// Each row as a text of `#` and `.`.
    #[must_use]
    pub fn rows(&self) -> Vec<String> {
        let dot = |lit: &bool| if *lit { '#' } else { '.' };
        self.lit
            .chunks(usize::from(self.width).max(1))
            .map(|row| row.iter().map(dot).collect())
            .collect()
    }

    fn put(&mut self, x: u16, y: u16, c: char) {
        let Some(glyph) = glyph(c) else { return };
        for (dy, bits) in (0..FONT_HEIGHT).zip(glyph) {
            for dx in (0..FONT_WIDTH).filter(|dx| bits >> (FONT_WIDTH - 1 - dx) & 1 == 1) {
                let index = usize::from(y + dy) * usize::from(self.width) + usize::from(x + dx);
                if let Some(lamp) = self.lit.get_mut(index).filter(|_| x + dx < self.width) {
                    *lamp = true;
                }
            }
        }
    }
}

impl Face {
    /// The lamps of each page of a markup.
    ///
    /// # Errors
    /// Where the markup cannot be read, or the sign cannot show it.
    pub fn render(&self, markup: &str) -> Result<Vec<Lamps>, MultiError> {
        Ok(self.pages(markup)?.iter().map(|page| self.page(page)).collect())
    }

    /// A page without a message.
    #[must_use]
    pub fn dark(&self) -> Lamps {
        let (width, height) = match self.size {
            Size::Lamps { width, height } => (width, height),
            Size::Cells { columns, rows } => (
                (columns * (FONT_WIDTH + 1)).saturating_sub(1),
                (rows * (FONT_HEIGHT + ROW_GAP)).saturating_sub(ROW_GAP),
            ),
        };
        let lit = vec![false; usize::from(width) * usize::from(height)];
        Lamps { width, height, lit, on_ds: 0, off_ds: 0 }
    }

    fn page(&self, page: &Page) -> Lamps {
        let mut lamps = Lamps { on_ds: page.on_ds, off_ds: page.off_ds, ..self.dark() };
        let lines = short(page.lines.len());
        let (top, line_step) = match self.size {
            Size::Lamps { height, .. } => {
                let own = (lines * (FONT_HEIGHT + 1)).saturating_sub(1);
                (offset(height, own, page.place), FONT_HEIGHT + 1)
            }
            Size::Cells { rows, .. } => {
                let step = FONT_HEIGHT + ROW_GAP;
                (offset(rows, lines, page.place) * step, step)
            }
        };
        for (number, line) in (0..lines).zip(&page.lines) {
            let own = short(line.text.chars().count());
            let left = match self.size {
                Size::Lamps { width, .. } => {
                    offset(width, (own * (FONT_WIDTH + 1)).saturating_sub(1), line.place)
                }
                Size::Cells { columns, .. } => offset(columns, own, line.place) * (FONT_WIDTH + 1),
            };
            for (column, c) in (0..own).zip(line.text.chars()) {
                lamps.put(left + column * (FONT_WIDTH + 1), top + number * line_step, c);
            }
        }
        lamps
    }
}

/// Where something begins that is to stand there.
fn offset(room: u16, own: u16, place: Place) -> u16 {
    let free = room.saturating_sub(own);
    match place {
        Place::Start => 0,
        Place::Middle => free / 2,
        Place::End => free,
    }
}

/// Lines and characters of a page that was checked are few.
fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(0)
}
