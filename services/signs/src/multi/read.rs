//! From markup to pages, held against what the sign can show.

use wayside_proto::convert::SIGN_MULTI_BYTES_MAX;

use super::error::MultiError;
use super::face::Face;
use super::font::glyph;

/// What a sign shows for how long where nothing else is said, tenths of a second.
const ON_DS: u16 = 30;

/// Left, centre, right; or top, middle, bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Start,
    Middle,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) place: Place,
    pub(super) text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) place: Place,
    pub(super) lines: Vec<Line>,
    pub(super) on_ds: u16,
    pub(super) off_ds: u16,
}

impl Face {
    pub(super) fn pages(&self, markup: &str) -> Result<Vec<Page>, MultiError> {
        if markup.len() > SIGN_MULTI_BYTES_MAX {
            return Err(MultiError::TooLong(markup.len()));
        }
        let mut pen = Pen::new();
        let mut rest = markup;
        while let Some(c) = rest.chars().next() {
            let at = markup.len() - rest.len();
            if let Some(after) = rest.strip_prefix("[[").or_else(|| rest.strip_prefix("]]")) {
                pen.text(c)?;
                rest = after;
            } else if let Some(after) = rest.strip_prefix('[') {
                let (tag, after) = after.split_once(']').ok_or(MultiError::Bracket(at))?;
                pen.tag(tag)?;
                rest = after;
            } else if c == ']' {
                return Err(MultiError::Bracket(at));
            } else {
                pen.text(c)?;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
        let pages = pen.done();
        self.check(&pages)?;
        Ok(pages)
    }

    fn check(&self, pages: &[Page]) -> Result<(), MultiError> {
        if pages.len() > usize::from(self.pages_max) {
            let (pages, pages_max) = (pages.len(), self.pages_max);
            return Err(MultiError::TooManyPages { pages, pages_max });
        }
        let (columns, rows) = (self.columns(), self.rows());
        for page in pages {
            if page.lines.len() > usize::from(rows) {
                return Err(MultiError::TooManyLines { lines: page.lines.len(), rows });
            }
            let wide = |line: &&Line| line.text.chars().count() > usize::from(columns);
            if let Some(line) = page.lines.iter().find(wide) {
                return Err(MultiError::LineTooWide { line: line.text.clone(), columns });
            }
        }
        Ok(())
    }
}

/// Writes pages as the markup says.
struct Pen {
    pages: Vec<Page>,
    line_place: Place,
}

impl Pen {
    fn new() -> Self {
        let page = Page { place: Place::Middle, lines: Vec::new(), on_ds: ON_DS, off_ds: 0 };
        let mut pen = Self { pages: vec![page], line_place: Place::Middle };
        pen.new_line();
        pen
    }

    fn new_line(&mut self) {
        let line = Line { place: self.line_place, text: String::new() };
        if let Some(page) = self.pages.last_mut() {
            page.lines.push(line);
        }
    }

    /// Whether nothing stands on the page yet, and on its last line.
    fn is_fresh(&self) -> (bool, bool) {
        let lines = self.pages.last().map_or(&[][..], |page| &page.lines);
        let line = lines.last().is_none_or(|line| line.text.is_empty());
        (lines.len() <= 1 && line, line)
    }

    fn text(&mut self, c: char) -> Result<(), MultiError> {
        if glyph(c).is_none() {
            return Err(MultiError::NoCharacter(c));
        }
        if let Some(line) = self.pages.last_mut().and_then(|page| page.lines.last_mut()) {
            line.text.push(c);
        }
        Ok(())
    }

    fn tag(&mut self, tag: &str) -> Result<(), MultiError> {
        let lower = tag.to_ascii_lowercase();
        let value = || MultiError::Value(tag.to_owned());
        let late = || MultiError::Late(tag.to_owned());
        let (fresh_page, fresh_line) = self.is_fresh();
        match (lower.get(..2).unwrap_or_default(), lower.get(2..).unwrap_or_default()) {
            ("nl", "") => self.new_line(),
            ("np", "") => {
                let Some(last) = self.pages.last() else { return Ok(()) };
                let page = Page { lines: Vec::new(), ..last.clone() };
                self.pages.push(page);
                self.new_line();
            }
            ("jl", number) => {
                self.line_place = place(number).ok_or_else(value)?;
                if !fresh_line {
                    return Err(late());
                }
                let place = self.line_place;
                if let Some(line) = self.pages.last_mut().and_then(|page| page.lines.last_mut()) {
                    line.place = place;
                }
            }
            ("jp", number) => {
                let place = place(number).ok_or_else(value)?;
                if !fresh_page {
                    return Err(late());
                }
                if let Some(page) = self.pages.last_mut() {
                    page.place = place;
                }
            }
            ("pt", times) => {
                let (on, off) = times.split_once('o').ok_or_else(value)?;
                let ds = |text: &str, default: u16| match text {
                    "" => Some(default),
                    text => text.parse::<u8>().ok().map(u16::from),
                };
                let (Some(on), Some(off)) = (ds(on, ON_DS), ds(off, 0)) else {
                    return Err(value());
                };
                if on == 0 {
                    return Err(value());
                }
                if let Some(page) = self.pages.last_mut() {
                    (page.on_ds, page.off_ds) = (on, off);
                }
            }
            ("fo", "" | "1") => {}
            ("fo", _) => return Err(value()),
            ("hc", number) => {
                let c = u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
                self.text(c.ok_or_else(value)?)?;
            }
            _ => return Err(MultiError::Tag(tag.chars().take(40).collect())),
        }
        Ok(())
    }

    fn done(self) -> Vec<Page> {
        self.pages
    }
}

fn place(number: &str) -> Option<Place> {
    match number {
        "2" => Some(Place::Start),
        "" | "3" => Some(Place::Middle),
        "4" => Some(Place::End),
        _ => None,
    }
}
