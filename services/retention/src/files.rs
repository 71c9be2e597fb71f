//! Plans and orders: what a run leaves in the store so that the next one can go on.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wayside_cases::CaseId;
use wayside_proto::json::{parse_receipts, receipt_line};
use wayside_proto::{EventTime, Receipt, SiteId};

use crate::error::RetentionError;
use crate::shelf::Shelf;

/// Bytes of a plan or an order. Of [`ITEMS_MAX`](crate::run::ITEMS_MAX) items with the longest paths it
/// has less.
pub(crate) const FILE_BYTES_MAX: u64 = 16 << 20;
const FOLDER: &str = "retention";

/// Path of a site's plan.
pub(crate) fn plan_uri(site: &SiteId) -> String {
    format!("{site}/{FOLDER}/plan.json")
}

/// Path of a site's order.
pub(crate) fn order_uri(site: &SiteId) -> String {
    format!("{site}/{FOLDER}/order.json")
}

/// The site whose plan or order this is.
pub(crate) fn site_of(uri: &str) -> Option<SiteId> {
    let (site, rest) = uri.split_once('/')?;
    let known = ["plan.json", "order.json"];
    let name = rest.strip_prefix(FOLDER)?.strip_prefix('/')?;
    known.contains(&name).then(|| SiteId(site.to_owned()))
}

/// What has to go, of one site and class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub(crate) class: String,
    pub(crate) limit_us: i64,
    pub(crate) items: Vec<Item>,
}

/// A case and its packages, or packages that no desk knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    pub(crate) case: Option<String>,
    pub(crate) event_us: Option<i64>,
    pub(crate) packages: Vec<String>,
}

impl Item {
    /// The case; an error where the text is none.
    pub(crate) fn case(&self) -> Result<Option<CaseId>, String> {
        let parse =
            |text: &String| CaseId::parse(text).ok_or_else(|| format!("{text:?} is no case"));
        self.case.as_ref().map(parse).transpose()
    }
}

/// What is deleted, and its receipts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) packages: Vec<String>,
    pub(crate) receipts: Vec<Receipt>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderFile {
    packages: Vec<String>,
    receipts: Vec<String>,
}

impl Plan {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        // Plain fields always become JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(crate) fn limit(&self) -> EventTime {
        EventTime(self.limit_us)
    }

    pub(crate) fn read(shelf: &dyn Shelf, site: &SiteId) -> Result<Option<Self>, RetentionError> {
        let uri = plan_uri(site);
        let Some(plan) = read::<Self>(shelf, &uri)? else { return Ok(None) };
        for item in &plan.items {
            item.case().map_err(|problem| damaged(shelf, &uri, problem))?;
            check_paths(shelf, site, &uri, &item.packages)?;
        }
        Ok(Some(plan))
    }
}

impl Order {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let receipts = self.receipts.iter().map(receipt_line).collect();
        let file = OrderFile { packages: self.packages.clone(), receipts };
        serde_json::to_vec(&file).unwrap_or_default()
    }

    pub(crate) fn read(shelf: &dyn Shelf, site: &SiteId) -> Result<Option<Self>, RetentionError> {
        let uri = order_uri(site);
        let Some(file) = read::<OrderFile>(shelf, &uri)? else { return Ok(None) };
        check_paths(shelf, site, &uri, &file.packages)?;
        let receipts = parse_receipts(&file.receipts.join("\n"))
            .map_err(|error| damaged(shelf, &uri, error.to_string()))?;
        Ok(Some(Self { packages: file.packages, receipts }))
    }
}

/// A site's file names that site's packages and nothing else: a changed one must not delete a chain.
fn check_paths(
    shelf: &dyn Shelf,
    site: &SiteId,
    uri: &str,
    packages: &[String],
) -> Result<(), RetentionError> {
    let own = |path: &&String| {
        let below = path.strip_prefix(site.as_str()).and_then(|rest| rest.strip_prefix('/'));
        below.is_some_and(|name| !name.contains('/'))
            && wayside_evidence::chain::violation_of(path).is_some()
    };
    match packages.iter().find(|path| !own(path)) {
        None => Ok(()),
        Some(path) => Err(damaged(shelf, uri, format!("{path:?} is no package of {site}"))),
    }
}

fn read<T: DeserializeOwned>(shelf: &dyn Shelf, uri: &str) -> Result<Option<T>, RetentionError> {
    let Some(bytes) = shelf.get(uri, FILE_BYTES_MAX)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| damaged(shelf, uri, error.to_string()))
}

fn damaged(shelf: &dyn Shelf, uri: &str, problem: String) -> RetentionError {
    let (uri, place) = (uri.to_owned(), shelf.place().to_owned());
    RetentionError::Damaged { uri, place, problem }
}
