//! From lines of text to markup.

use std::fmt::Write as _;

use super::error::MultiError;
use super::face::Face;
use super::font::glyph;

/// How long each of several pages is shown, tenths of a second.
const PAGE_ON_DS: u32 = 30;

impl Face {
    /// The lines of each page, in capitals: as given where that fits one page, else flowing where that
    /// does, else as given over several pages.
    ///
    /// # Errors
    /// Where a word is wider than the sign, a character is not in the font, or pages are too many.
    pub fn layout(&self, lines: &[String]) -> Result<Vec<Vec<String>>, MultiError> {
        let lines: Vec<String> = lines.iter().map(|line| line.to_uppercase()).collect();
        if let Some(odd) = lines.iter().flat_map(|line| line.chars()).find(|c| glyph(*c).is_none())
        {
            return Err(MultiError::NoCharacter(odd));
        }
        let (columns, rows) = (usize::from(self.columns()), usize::from(self.rows()).max(1));
        let mut as_given = Vec::new();
        for line in &lines {
            as_given.extend(self.wrap(line, columns)?);
        }
        let flowing = self.balanced(&lines.join(" "), columns)?;
        let best = if as_given.len() > rows && flowing.len() <= rows { flowing } else { as_given };
        let pages: Vec<Vec<String>> = best.chunks(rows).map(<[String]>::to_vec).collect();
        if pages.len() > usize::from(self.pages_max) {
            let (pages, pages_max) = (pages.len(), self.pages_max);
            return Err(MultiError::TooManyPages { pages, pages_max });
        }
        Ok(pages)
    }

    /// The markup of these lines, each centred, and the page too.
    ///
    /// # Errors
    /// As [`Face::layout`].
    pub fn markup(&self, lines: &[String]) -> Result<String, MultiError> {
        let pages = self.layout(lines)?;
        let mut markup = String::new();
        if pages.len() > 1 {
            let _ = write!(markup, "[pt{PAGE_ON_DS}o0]");
        }
        markup.push_str("[jp3][jl3]");
        for (number, page) in pages.iter().enumerate() {
            if number > 0 {
                markup.push_str("[np]");
            }
            for (number, line) in page.iter().enumerate() {
                if number > 0 {
                    markup.push_str("[nl]");
                }
                line.chars().for_each(|c| push(&mut markup, c));
            }
        }
        Ok(markup)
    }

    /// In as few lines as it takes, and those of about one length.
    fn balanced(&self, line: &str, columns: usize) -> Result<Vec<String>, MultiError> {
        let wide = self.wrap(line, columns)?;
        let narrow = (1..columns).find_map(|width| {
            self.wrap(line, width).ok().filter(|narrow| narrow.len() <= wide.len())
        });
        Ok(narrow.unwrap_or(wide))
    }

    fn wrap(&self, line: &str, columns: usize) -> Result<Vec<String>, MultiError> {
        let mut wrapped: Vec<String> = Vec::new();
        let mut room = 0;
        for word in line.split_whitespace() {
            let width = word.chars().count();
            if width > columns {
                let columns = self.columns();
                return Err(MultiError::WordTooWide { word: word.to_owned(), columns });
            }
            match wrapped.last_mut().filter(|_| width < room) {
                Some(last) => {
                    last.push(' ');
                    last.push_str(word);
                    room -= width + 1;
                }
                None => {
                    wrapped.push(word.to_owned());
                    room = columns - width;
                }
            }
        }
        Ok(wrapped)
    }
}

/// A character of text: brackets are doubled, and what is not ASCII goes by its number.
fn push(markup: &mut String, c: char) {
    match c {
        '[' => markup.push_str("[["),
        ']' => markup.push_str("]]"),
        c if c.is_ascii() => markup.push(c),
        c => {
            let _ = write!(markup, "[hc{:X}]", u32::from(c));
        }
    }
}
