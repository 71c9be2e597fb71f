//! Where a key stands in the file, and what it is called in messages.

use toml_edit::{Document, Item, Key, TableLike, Value};

/// One step from a table or list to what is in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A key of a table.
    Key(String),
    /// A position in a list, from 0.
    At(usize),
}

/// The way from the root of the file to a key or item.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub(super) Vec<Step>);

impl Path {
    /// Item `index` of the list `kind` at the root.
    pub(super) fn item(kind: &str, index: usize) -> Self {
        Self::default().key(kind).at(index)
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    pub(super) fn at(&self, index: usize) -> Self {
        self.with(Step::At(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// A table, list or single value, however it is written.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// A table, `[in brackets]` or `{ inline }`.
    Table(&'a dyn TableLike),
    /// A list of `[[tables]]`.
    Tables(&'a toml_edit::ArrayOfTables),
    /// A list in brackets.
    List(&'a toml_edit::Array),
    /// Anything else.
    Single(&'a Value),
}

impl<'a> Node<'a> {
    pub(super) fn of(item: &'a Item) -> Option<Self> {
        match item {
            Item::None => None,
            Item::Table(table) => Some(Self::Table(table)),
            Item::ArrayOfTables(tables) => Some(Self::Tables(tables)),
            Item::Value(value) => Some(Self::of_value(value)),
        }
    }

    fn of_value(value: &'a Value) -> Self {
        match value {
            Value::InlineTable(table) => Self::Table(table),
            Value::Array(list) => Self::List(list),
            single => Self::Single(single),
        }
    }

    /// Items of a list; none of anything else.
    pub(super) fn items(self) -> Vec<Node<'a>> {
        match self {
            Self::Tables(tables) => tables.iter().map(|table| Self::Table(table)).collect(),
            Self::List(list) => list.iter().map(Self::of_value).collect(),
            Self::Table(_) | Self::Single(_) => Vec::new(),
        }
    }

    fn item_offset(self, index: usize) -> Option<usize> {
        let span = match self {
            Self::Tables(tables) => tables.get(index).and_then(toml_edit::Table::span),
            Self::List(list) => list.get(index).and_then(Value::span),
            Self::Table(_) | Self::Single(_) => None,
        };
        span.map(|span| span.start)
    }
}

/// Finds keys in a file.
pub(super) struct Locator<'a> {
    text: &'a str,
    document: &'a Document<&'a str>,
}

impl<'a> Locator<'a> {
    pub(super) fn new(text: &'a str, document: &'a Document<&'a str>) -> Self {
        Self { text, document }
    }

    /// Byte where the key or item begins; where it is absent, that of the table it belongs to.
    pub(super) fn offset(&self, path: &Path) -> usize {
        let mut offset = 0;
        let mut node = Some(Node::Table(self.document.as_table()));
        for step in &path.0 {
            let (found, next) = match (step, node) {
                (Step::Key(key), Some(Node::Table(table))) => match table.get_key_value(key) {
                    Some((key, item)) => (key_offset(key, item), Node::of(item)),
                    None => return offset,
                },
                (Step::At(index), Some(list)) => {
                    (list.item_offset(*index), list.items().get(*index).copied())
                }
                _ => return offset,
            };
            offset = found.unwrap_or(offset);
            node = next;
        }
        offset
    }

    /// The path in messages: `camera.south.calibration.points[3]`.
    pub(super) fn name(&self, path: &Path) -> String {
        let mut name = String::new();
        let mut node = Some(Node::Table(self.document.as_table()));
        for step in &path.0 {
            match step {
                Step::Key(key) => {
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(key);
                    node = match node {
                        Some(Node::Table(table)) => table.get(key).and_then(Node::of),
                        _ => None,
                    };
                }
                Step::At(index) => {
                    node = node.and_then(|list| list.items().get(*index).copied());
                    match node.and_then(id_of) {
                        Some(id) => name.push_str(&format!(".{id}")),
                        None => name.push_str(&format!("[{index}]")),
                    }
                }
            }
        }
        name
    }

    /// Line of a byte, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }
}

/// Line of a byte in a text, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

fn key_offset(key: &Key, item: &Item) -> Option<usize> {
    // A table that only its children mention has no span of its own.
    key.span().or_else(|| item.span()).map(|span| span.start)
}

/// The id of a table, where it can stand in a message.
fn id_of(node: Node<'_>) -> Option<&str> {
    let Node::Table(table) = node else { return None };
    table.get("id").and_then(Item::as_str).filter(|id| super::check_ids::is_id(id))
}
