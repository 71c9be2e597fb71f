//! Ids: letters, digits, `-` and `_`, unique among their kind.

use std::collections::BTreeMap;

use super::check_shape::short;
use super::findings::Findings;
use super::locate::Path;
use crate::model::SiteFile;

const ID_CHARS_MAX: usize = 64;

/// Whether a text can be an id.
pub(super) fn is_id(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.len() <= ID_CHARS_MAX && text.chars().all(fits)
}

/// Ids of the things of one kind, in the order of the file.
pub(super) fn ids(file: &SiteFile) -> [(&'static str, Vec<&str>); 10] {
    [
        ("camera", file.cameras.iter().map(|item| item.id.as_str()).collect()),
        ("signal_group", file.signal_groups.iter().map(|item| item.id.as_str()).collect()),
        ("lane", file.lanes.iter().map(|item| item.id.as_str()).collect()),
        ("stop_line", file.stop_lines.iter().map(|item| item.id.as_str()).collect()),
        ("exit_line", file.exit_lines.iter().map(|item| item.id.as_str()).collect()),
        ("conflict_area", file.conflict_areas.iter().map(|item| item.id.as_str()).collect()),
        ("crossing", file.crossings.iter().map(|item| item.id.as_str()).collect()),
        ("sign", file.signs.iter().map(|item| item.id.as_str()).collect()),
        ("section", file.sections.iter().map(|item| item.id.as_str()).collect()),
        ("no_stopping_zone", file.no_stopping_zones.iter().map(|item| item.id.as_str()).collect()),
    ]
}

pub(super) fn check(file: &SiteFile, findings: &mut Findings<'_>) {
    one(&file.site.id, &Path::default().key("site").key("id"), findings);
    for (kind, ids) in ids(file) {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, id) in ids.into_iter().enumerate() {
            let path = Path::item(kind, index).key("id");
            one(id, &path, findings);
            if first.contains_key(id) && is_id(id) {
                let what = kind.replace('_', " ");
                let problem = format!("a second {what} of this name");
                findings.error(&path, problem, "give each its own id");
            }
            first.entry(id).or_insert(index);
        }
    }
    for (index, lane) in file.lanes.iter().enumerate() {
        if let Some(approach) = &lane.approach {
            one(approach, &Path::item("lane", index).key("approach"), findings);
        }
    }
}

fn one(id: &str, path: &Path, findings: &mut Findings<'_>) {
    if is_id(id) {
        return;
    }
    let problem = if id.is_empty() {
        "empty".to_owned()
    } else if id.len() > ID_CHARS_MAX {
        format!("`{}` is longer than {ID_CHARS_MAX} characters", short(id))
    } else {
        format!("`{}` has characters that a name cannot have", short(id))
    };
    findings.error(path, problem, "use letters, digits, `-` and `_`");
}
