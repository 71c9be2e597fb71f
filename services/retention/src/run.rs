//! A run: what an earlier one left, then what is due.

use std::collections::BTreeMap;

use wayside_bus::Bus;
use wayside_cases::retention::RetentionClass;
use wayside_cases::{Actor, CaseId};
use wayside_desk::DeskError;
use wayside_evidence::Put;
use wayside_proto::{Deletion, EventTime, Receipt, SiteId};

use crate::chains::{Chains, cases_of, packages_of};
use crate::due::{self, Due, Kept};
use crate::error::RetentionError;
use crate::files::{FILE_BYTES_MAX, Item, Order, Plan, order_uri, plan_uri, site_of};

/// Cases and packages of one plan.
pub(crate) const ITEMS_MAX: usize = 1_000;

/// What retention works with.
pub struct Retention<'a> {
    /// Where receipts go.
    pub bus: &'a dyn Bus,
    /// What is kept, and how long.
    pub kept: Kept<'a>,
    /// Who deletes, for the audit log: an actor with the role `system`.
    pub actor: Actor,
}

/// What a run deleted, of a site and class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Packages.
    pub packages: u64,
    /// Cases, with their plates.
    pub cases: u64,
}

/// What a run deleted, by site and policy.
type Done = BTreeMap<(SiteId, String), Deleted>;

impl Retention<'_> {
    /// Deletes what is due at `now`, and what an earlier run left. Returns what it has receipts for, by
    /// site and class.
    ///
    /// # Errors
    /// Where store, desk or bus fail. What was begun is completed by the next run.
    pub fn run(
        &self,
        now: EventTime,
    ) -> Result<BTreeMap<(SiteId, String), Deleted>, RetentionError> {
        let mut chains = Chains::read(self.bus)?;
        let mut done = Done::new();
        let mut objects = self.kept.shelf.list("")?;
        let mut left: Vec<SiteId> = objects.iter().filter_map(|it| site_of(&it.uri)).collect();
        left.dedup();
        left.retain(|site| self.kept.has(site));
        for site in &left {
            self.complete(site, now, &mut chains, &mut done)?;
        }
        if !left.is_empty() {
            // What was left over is gone now, and must not be counted again.
            objects = self.kept.shelf.list("")?;
        }
        let mut by: BTreeMap<(SiteId, RetentionClass), Vec<Due>> = BTreeMap::new();
        for due in self.kept.due_of(now, &due::packages(objects))? {
            by.entry((due.site.clone(), due.class)).or_default().push(due);
        }
        for ((site, class), due) in by {
            let limit = due::limit(class, &self.kept.policy, now);
            for some in due.chunks(ITEMS_MAX) {
                let plan = plan(class, limit, some);
                if self.kept.shelf.put_new(&plan_uri(&site), plan.bytes())? == Put::Exists {
                    // Another run is at this site: what is left is its own, or the next one's.
                    break;
                }
                self.complete(&site, now, &mut chains, &mut done)?;
            }
        }
        Ok(done)
    }

    /// Does what is left of a site's plan.
    fn complete(
        &self,
        site: &SiteId,
        now: EventTime,
        chains: &mut Chains,
        done: &mut Done,
    ) -> Result<(), RetentionError> {
        let (plan_at, order_at) = (plan_uri(site), order_uri(site));
        let order = match Order::read(self.kept.shelf, site)? {
            Some(order) => order,
            None => {
                let Some(plan) = Plan::read(self.kept.shelf, site)? else { return Ok(()) };
                let order = self.order(site, &plan, now, chains)?;
                if order.receipts.is_empty() {
                    return Ok(self.kept.shelf.delete(&plan_at)?);
                }
                match self.kept.shelf.put_new(&order_at, order.bytes())? {
                    // Unless a run beside this one has completed the plan meanwhile.
                    Put::Stored if self.kept.shelf.get(&plan_at, FILE_BYTES_MAX)?.is_none() => {
                        return Ok(self.kept.shelf.delete(&order_at)?);
                    }
                    Put::Stored => order,
                    // A run beside this one was faster: its order holds.
                    Put::Exists => match Order::read(self.kept.shelf, site)? {
                        Some(order) => order,
                        None => return Ok(()),
                    },
                }
            }
        };
        chains.append(self.bus, &order.receipts, &order_at)?;
        for uri in &order.packages {
            self.kept.shelf.delete(uri)?;
        }
        // In this order: a plan without an order would be counted again.
        self.kept.shelf.delete(&plan_at)?;
        self.kept.shelf.delete(&order_at)?;
        for Receipt { what, deletion, .. } in order.receipts {
            let place = done.entry((site.clone(), deletion.policy)).or_default();
            if what == packages_of(site) {
                place.packages += deletion.deleted;
            } else {
                place.cases += deletion.deleted;
            }
        }
        Ok(())
    }

    /// Erases the cases of a plan, and says what is to be deleted with which receipts.
    fn order(
        &self,
        site: &SiteId,
        plan: &Plan,
        now: EventTime,
        chains: &Chains,
    ) -> Result<Order, RetentionError> {
        let (mut packages, mut cases, mut times) = (Vec::new(), 0, Vec::new());
        for item in &plan.items {
            // Checked when the plan was read.
            if let Ok(Some(case)) = item.case() {
                if !self.erase(site, &case, now)? {
                    continue;
                }
                cases += 1;
            }
            times.push(item.event_us.map(EventTime));
            packages.extend(item.packages.iter().cloned());
        }
        let span = times.into_iter().collect::<Option<Vec<EventTime>>>();
        let span = span.and_then(|times| Some((*times.iter().min()?, *times.iter().max()?)));
        let receipt = |what: &str, deleted: u64| {
            let (limit, policy) = (plan.limit(), plan.class.clone());
            let deletion = Deletion { deleted, span, limit, when: now, policy };
            (deleted > 0).then(|| chains.next(what, deletion))
        };
        let of_packages = receipt(&packages_of(site), packages.len() as u64);
        let receipts = of_packages.into_iter().chain(receipt(&cases_of(site), cases)).collect();
        Ok(Order { packages, receipts })
    }

    /// Whether the case is erased; not where people have done something with it meanwhile.
    fn erase(&self, site: &SiteId, case: &CaseId, now: EventTime) -> Result<bool, RetentionError> {
        let Some(desk) = self.kept.desk else {
            let (uri, place) = (plan_uri(site), self.kept.shelf.place().to_owned());
            return Err(RetentionError::NoDesk { uri, place });
        };
        match desk.erase(&self.actor, case, now, &self.kept.policy) {
            Ok(_) => Ok(true),
            Err(DeskError::Retained { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn plan(class: RetentionClass, limit: EventTime, due: &[Due]) -> Plan {
    let item = |due: &Due| Item {
        case: due.case.as_ref().map(|case| case.as_str().to_owned()),
        event_us: due.event_time.map(|time| time.0),
        packages: due.packages.clone(),
    };
    let items = due.iter().map(item).collect();
    Plan { class: class.as_str().to_owned(), limit_us: limit.0, items }
}
