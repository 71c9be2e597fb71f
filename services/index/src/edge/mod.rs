//! Qdrant in this process, in a directory that one process holds.

mod config;
mod copy;
pub(crate) mod disk;
pub(crate) mod filter;
mod guard;
mod lock;
mod manifest;
mod point;
mod store;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use qdrant_edge::{
    CountRequest, Direction, EdgeShard, Filter, NamedQuery, OperationResult, OrderBy,
    OrderByInterface, PointInsertOperations, PointOperations, QueryEnum, ScrollRequest,
    SearchParams, SearchRequest, UpdateOperation, WithPayloadInterface, WithVector,
};

pub(crate) use config::config;
pub(crate) use store::Store;

use crate::error::IndexError;
use crate::rank::{Found, Settled, first_ask, settle};
use crate::room::Room;
use crate::types::{Deleted, Hit, Maintained, Point, Query};
use crate::{Index, limits};

/// How an embedded index is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeOptions {
    /// Numbers in a vector, 1 to [`crate::DIMENSION_MAX`].
    pub dimension: usize,
    /// Points in it at most, 1 to [`crate::POINTS_MAX`].
    pub points_max: u64,
}

/// The embedded index.
///
/// What was upserted is on disk after the next [`Index::maintain`], and survives the death of the
/// process before. A deletion is on disk when it returns. The bytes of deleted points leave the disk with
/// one of the next six calls of [`Index::maintain`], sooner when half of the points are dead. While that
/// goes on writers wait (a second for 50,000 points or so), readers do not.
#[derive(Debug)]
pub struct EdgeIndex {
    options: EdgeOptions,
    store: Store,
    room: Mutex<Room>,
}

impl EdgeIndex {
    /// Opens the index in `dir`, or makes it.
    ///
    /// # Errors
    /// [`IndexError::Options`], [`IndexError::Directory`], [`IndexError::Locked`],
    /// [`IndexError::Damaged`], [`IndexError::Mismatch`], [`IndexError::Engine`].
    pub fn open(dir: &Path, options: EdgeOptions) -> Result<Self, IndexError> {
        limits::check_options(options.dimension, options.points_max)?;
        let (dimension, indexes) = (options.dimension, filter::indexes());
        let store = Store::open(dir, dimension, config(dimension), &indexes)?;
        Ok(Self { options, store, room: Mutex::new(Room::new(options.points_max)) })
    }

    fn count_by(&self, filter: Option<Filter>) -> Result<u64, IndexError> {
        self.store.read("count", |shard| count(shard, filter))
    }

    fn tell(&self, filter: &Filter) -> Result<Deleted, IndexError> {
        self.store.read("look for what has expired", |shard| {
            let points = count(shard, Some(filter.clone()))?;
            let first_time = edge_of(shard, filter, Direction::Asc)?;
            let last_time = edge_of(shard, filter, Direction::Desc)?;
            Ok(Deleted { count: points, first_time, last_time })
        })
    }
}

impl Index for EdgeIndex {
    fn upsert(&self, points: &[Point]) -> Result<(), IndexError> {
        let batch = limits::check_points(points, self.options.dimension)?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut writing = self.store.write();
        let held = || {
            let ids: Vec<_> = batch.keys().map(|id| point::id(*id)).collect();
            self.store.read("count", |shard| {
                Ok(shard.retrieve(&ids, Some(false.into()), Some(WithVector::Bool(false)))?.len()
                    as u64)
            })
        };
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        room.admit(&batch, || self.count_by(None), held)?;
        drop(room);
        let stored = batch.values().map(|one| point::store(one)).collect();
        let operation = PointOperations::UpsertPoints(PointInsertOperations::PointsList(stored));
        let written = batch.len() as u64;
        writing.update("store points", UpdateOperation::PointOperation(operation), written)
    }

    fn search(&self, query: &Query) -> Result<Vec<Hit>, IndexError> {
        limits::check_query(query, self.options.dimension)?;
        if query.classes.as_ref().is_some_and(|classes| classes.is_empty()) {
            return Ok(Vec::new());
        }
        let mut ask = first_ask(query);
        loop {
            let found = self.store.read("search", |shard| nearest(shard, query, ask))?;
            match settle(query, ask, found) {
                Settled::Hits(hits) => return Ok(hits),
                Settled::Ask(more) => ask = more,
            }
        }
    }

    fn search_many(&self, queries: &[Query]) -> Result<Vec<Vec<Hit>>, IndexError> {
        limits::check_queries(queries, self.options.dimension)?;
        queries.iter().map(|query| self.search(query)).collect()
    }

    fn due(&self, section: Option<&str>, expires_before: i64) -> Result<Deleted, IndexError> {
        limits::check_deletion(section, expires_before)?;
        let _writing = self.store.write();
        self.tell(&filter::expired(section, expires_before))
    }

    fn delete_before(
        &self,
        section: Option<&str>,
        expires_before: i64,
    ) -> Result<Deleted, IndexError> {
        limits::check_deletion(section, expires_before)?;
        let filter = filter::expired(section, expires_before);
        let mut writing = self.store.write();
        let due = self.tell(&filter)?;
        if due.count == 0 {
            return Ok(due);
        }
        let operation = PointOperations::DeletePointsByFilter(filter.clone());
        writing.update("delete points", UpdateOperation::PointOperation(operation), 0)?;
        writing.died(due.count);
        writing.flush()?;
        let left = self.count_by(Some(filter))?;
        Ok(Deleted { count: due.count.saturating_sub(left), ..due })
    }

    fn count(&self) -> Result<u64, IndexError> {
        self.count_by(None)
    }

    fn count_of(&self, section: &str) -> Result<u64, IndexError> {
        limits::check_section(section)?;
        self.count_by(Some(filter::of(section)))
    }

    fn maintain(&self) -> Result<Maintained, IndexError> {
        let mut writing = self.store.write();
        let points = self.count_by(None)?;
        self.room.lock().unwrap_or_else(PoisonError::into_inner).counted(points);
        let rewritten = writing.maintain(points)?;
        Ok(Maintained { points, disk_bytes: Some(self.store.disk_bytes()), rewritten })
    }

    fn describe(&self) -> String {
        let EdgeOptions { dimension, points_max } = self.options;
        let dir = self.store.dir().display();
        format!("embedded Qdrant in {dir}, {dimension} dimensions, at most {points_max} points")
    }
}

fn count(shard: &EdgeShard, filter: Option<Filter>) -> OperationResult<u64> {
    shard.count(CountRequest { filter, exact: true }).map(|points| points as u64)
}

fn nearest(shard: &EdgeShard, query: &Query, limit: usize) -> OperationResult<Vec<Found>> {
    let scored = shard.search(SearchRequest {
        query: QueryEnum::Nearest(NamedQuery::default_dense(query.vector.clone())),
        filter: Some(filter::query(query)),
        params: Some(SearchParams { exact: true, ..SearchParams::default() }),
        limit,
        offset: 0,
        with_payload: Some(WithPayloadInterface::Bool(true)),
        with_vector: Some(WithVector::Bool(true)),
        score_threshold: None,
    })?;
    scored.into_iter().map(point::found).collect()
}

/// The earliest or latest event time among the points of a filter.
fn edge_of(
    shard: &EdgeShard,
    filter: &Filter,
    direction: Direction,
) -> OperationResult<Option<i64>> {
    let order = OrderBy { key: filter::path("time"), direction: Some(direction), start_from: None };
    let (records, _) = shard.scroll(ScrollRequest {
        limit: Some(1),
        filter: Some(filter.clone()),
        with_payload: Some(WithPayloadInterface::Bool(true)),
        order_by: Some(OrderByInterface::Struct(order)),
        ..ScrollRequest::default()
    })?;
    let payload = records.first().and_then(|record| record.payload.as_ref());
    Ok(payload.and_then(|payload| point::time(&payload.0, "time")))
}
