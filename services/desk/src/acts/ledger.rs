//! The error ledger, and rules that stand down because of it.

use std::collections::BTreeMap;

use wayside_cases::ledger::{LedgerLine, RuleOfCamera, counted_from};
use wayside_cases::{Actor, CaseId, Reason, Refused, Role};
use wayside_proto::convert::{Message, RULE_NAMES};
use wayside_proto::{CameraId, EventTime, Outcome, RuleStandDown, SiteId};

use crate::desk::Act;
use crate::error::{DeskError, Result};
use crate::rows;
use crate::sql::{Row, Tx, values};
use crate::{Desk, OutboxTopic};

/// Bytes of a reason that a person writes.
const WHY_BYTES_MAX: usize = 500;

impl Desk {
    /// One line for each rule of a camera on which people decided within the window.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn ledger(&self, now: EventTime) -> Result<Vec<LedgerLine>> {
        let policy = self.policy();
        self.read(|tx| {
            let rules = tx.query(
                "SELECT DISTINCT site, camera, rule FROM ledger WHERE at_us > $1
                 UNION SELECT DISTINCT site, camera, rule FROM stand_downs
                 ORDER BY site, camera, rule",
                values![counted_from(now, None, policy)],
            )?;
            rules
                .iter()
                .map(|row| {
                    let (site, camera) = (SiteId(row.text(0)?), CameraId(row.text(1)?));
                    line(tx, RuleOfCamera { site, camera, rule: rule(&row.text(2)?)? }, now, self)
                })
                .collect()
        })
    }

    /// Rules that stand down now.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn stand_downs(&self) -> Result<Vec<RuleStandDown>> {
        self.read(|tx| {
            let rows = tx.query(
                "SELECT site, camera, rule, stood_down, since_us, why, decided, errors
                 FROM stand_downs s WHERE stood_down = 1
                   AND number = (SELECT MAX(number) FROM stand_downs n WHERE n.site = s.site
                                 AND n.camera = s.camera AND n.rule = s.rule)
                 ORDER BY site, camera, rule",
                &[],
            )?;
            rows.iter().map(message).collect()
        })
    }

    /// Puts a rule of a camera back to work, for a reason. What was decided before does not count any
    /// more.
    ///
    /// # Errors
    /// Where it does not stand down, the role may not, or no reason is given.
    pub fn reinstate(
        &self,
        actor: &Actor,
        site: &SiteId,
        camera: &CameraId,
        rule: &str,
        why: &str,
        now: EventTime,
    ) -> Result<RuleStandDown> {
        actor.must(Role::reinstates, "reinstate rules")?;
        let plain = !why.chars().any(|c| c.is_control() && c != '\n');
        if why.trim().is_empty() || why.len() > WHY_BYTES_MAX || !plain {
            let (what, min, max) = ("reason", 1, WHY_BYTES_MAX);
            return Err(Refused::BadText { what, min, max }.into());
        }
        let unknown = || DeskError::NotStoodDown {
            site: site.to_string(),
            camera: camera.to_string(),
            rule: rule.to_owned(),
        };
        let name = self::rule(rule).map_err(|_| unknown())?;
        let what = RuleOfCamera { site: site.clone(), camera: camera.clone(), rule: name };
        self.act(actor, now, |act| {
            let (at, desk) = (act.at, act.desk);
            // Whoever changes a rule's standing holds the head of the log first: see `hold`.
            act.hold()?;
            let line = line(&mut act.tx, what.clone(), at, desk)?;
            if !line.stood_down {
                return Err(unknown());
            }
            let change = line.reinstated(at, why.to_owned());
            act.change_standing(&change)?;
            act.log("reinstate", None, format!("{site}/{camera}/{name}: {why}"));
            Ok(change)
        })
    }
}

impl Act<'_> {
    /// Notes a final decision. A contest that withdraws replaces what was noted at the approval.
    pub(super) fn note_in_ledger(
        &mut self,
        case: &CaseId,
        about: &Outcome,
        reason: Option<Reason>,
    ) -> Result<()> {
        self.tx.execute(
            "INSERT INTO ledger (case_id, site, camera, rule, reason, at_us)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (case_id) DO UPDATE SET reason = excluded.reason, at_us = excluded.at_us",
            values![
                case.as_str(),
                about.site.as_str(),
                about.camera.as_str(),
                about.rule,
                reason.map(Reason::as_str),
                self.at,
            ],
        )?;
        Ok(())
    }

    /// After an error of the rule: stands it down where there were too many. Approvals never do that, so
    /// only errors look.
    pub(super) fn stand_down_if_wrong(&mut self, about: &Outcome) -> Result<Option<RuleStandDown>> {
        let what = RuleOfCamera {
            site: about.site.clone(),
            camera: about.camera.clone(),
            rule: about.rule,
        };
        self.hold()?;
        let (at, desk) = (self.at, self.desk);
        let mut policy = self.policy().clone();
        let of = (about.site.clone(), about.rule.to_owned());
        if let Some(share) = desk.options().error_rates_max.get(&of) {
            policy.error_rate_max = *share;
        }
        let line = line(&mut self.tx, what, at, desk)?;
        let Some(change) = line.stand_down(at, &policy) else { return Ok(None) };
        self.change_standing(&change)?;
        let why = format!("{}/{}/{}: {}", change.site, change.camera, change.rule, change.why);
        self.log("stand_down", None, why);
        Ok(Some(change))
    }

    /// Takes the lock of the audit log's head early: counts and what follows from them then have one
    /// order, and two errors at once cannot both find one too few.
    fn hold(&mut self) -> Result<()> {
        self.tx.query("SELECT number FROM heads WHERE name = 'audit' /*lock*/", &[])?;
        Ok(())
    }

    fn change_standing(&mut self, change: &RuleStandDown) -> Result<()> {
        let (site, camera) = (change.site.as_str(), change.camera.as_str());
        let row = self.tx.first(
            "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM stand_downs
             WHERE site = $1 AND camera = $2 AND rule = $3",
            values![site, camera, change.rule],
        )?;
        let number = row.map_or(Ok(0), |row| row.int(0))? + 1;
        self.tx.execute(
            "INSERT INTO stand_downs
             (site, camera, rule, number, stood_down, since_us, why, decided, errors)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![
                site,
                camera,
                change.rule,
                number,
                change.stood_down,
                change.since,
                &change.why,
                i64::from(change.decided),
                i64::from(change.errors),
            ],
        )?;
        let id = format!("{site}/{camera}/{}", change.rule);
        let revision = super::outbox::revision(number)?;
        let key = format!("{site}/{camera}");
        self.send(OutboxTopic::StandDowns, &id, revision, &key, change.to_bytes()?)
    }
}

fn rule(name: &str) -> Result<&'static str> {
    let known = RULE_NAMES.into_iter().find(|rule| *rule == name);
    known.ok_or_else(|| DeskError::Stored {
        what: "a rule",
        problem: format!("{name:?} is unknown"),
    })
}

fn line(tx: &mut Tx<'_>, what: RuleOfCamera, now: EventTime, desk: &Desk) -> Result<LedgerLine> {
    let key = (what.site.to_string(), what.camera.to_string(), what.rule);
    let standing = tx.first(
        "SELECT stood_down, since_us FROM stand_downs
         WHERE site = $1 AND camera = $2 AND rule = $3 ORDER BY number DESC LIMIT 1",
        values![&key.0, &key.1, key.2],
    )?;
    let (stood_down, since) = match standing {
        None => (false, None),
        Some(row) => (row.int(0)? != 0, Some(EventTime(row.int(1)?))),
    };
    let reinstated = since.filter(|_| !stood_down);
    let from = counted_from(now, reinstated, desk.policy());
    let counts = tx.query(
        "SELECT reason, COUNT(*) FROM ledger
         WHERE site = $1 AND camera = $2 AND rule = $3 AND at_us > $4 GROUP BY reason",
        values![&key.0, &key.1, key.2, from],
    )?;
    let mut decided = 0;
    let mut reasons = BTreeMap::new();
    for row in counts {
        let count = row.count(1)?;
        decided += count;
        if let Some(name) = row.maybe(0, Row::text)? {
            reasons.insert(rows::reason(&name)?, count);
        }
    }
    Ok(LedgerLine::new(what, from, decided, reasons, stood_down))
}

fn message(row: &Row) -> Result<RuleStandDown> {
    let number =
        |column: usize| Ok::<u32, DeskError>(u32::try_from(row.count(column)?).unwrap_or(u32::MAX));
    Ok(RuleStandDown {
        site: SiteId(row.text(0)?),
        camera: CameraId(row.text(1)?),
        rule: rule(&row.text(2)?)?,
        stood_down: row.int(3)? != 0,
        since: EventTime(row.int(4)?),
        why: row.text(5)?,
        decided: number(6)?,
        errors: number(7)?,
    })
}
