//! Qdrant as a server, by gRPC.

mod collection;
mod connection;
mod filter;
mod options;
mod point;

use std::sync::{Mutex, PoisonError};

use qdrant_client::qdrant::points_client::PointsClient;
use qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use qdrant_client::qdrant::vector_input::Variant as Input;
use qdrant_client::qdrant::{
    CountPoints, DeletePoints, DenseVector, Direction, Filter, OrderBy, PointsSelector,
    QueryBatchPoints, QueryPoints, ScrollPoints, SearchParams, UpsertPoints, VectorInput,
    query::Variant,
};
use tonic::Code;

pub use options::ServerOptions;

use self::connection::{Connection, Failed};
use crate::error::IndexError;
use crate::rank::{Found, Settled, first_ask, settle};
use crate::room::Room;
use crate::types::{Deleted, Hit, Maintained, Point, Query};
use crate::{Index, limits};

/// Bytes of an answer: 64 queries with 72 candidates of 512 numbers and some.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// The index on a Qdrant server.
///
/// Upserts and deletions return when the server has applied them. Every call can be repeated without
/// harm, and is, while the server is away ([`ServerOptions::attempts_max`]). A collection that has
/// vanished is made again: its points were there for minutes only.
#[derive(Debug)]
pub struct ServerIndex {
    options: ServerOptions,
    connection: Connection,
    /// Held by the one who upserts or deletes.
    room: Mutex<Room>,
}

impl ServerIndex {
    /// Reaches the server, and makes the collection if it is not there.
    ///
    /// # Errors
    /// [`IndexError::Options`], [`IndexError::Unreachable`], [`IndexError::Refused`],
    /// [`IndexError::Mismatch`], [`IndexError::Answer`].
    pub fn open(options: ServerOptions) -> Result<Self, IndexError> {
        options.check()?;
        let connection = Connection::new(&options)?;
        collection::ensure(&connection, &options)?;
        let room = Mutex::new(Room::new(options.points_max));
        Ok(Self { options, connection, room })
    }

    /// Runs something once more if the collection has vanished.
    fn with_collection<T>(&self, run: impl Fn() -> Result<T, Failed>) -> Result<T, IndexError> {
        match run() {
            Err(failed) if failed.code() == Code::NotFound => {
                collection::ensure(&self.connection, &self.options)?;
                Ok(run()?)
            }
            result => Ok(result?),
        }
    }

    fn count_by(&self, filter: Option<Filter>) -> Result<u64, IndexError> {
        let question = CountPoints {
            collection_name: self.options.collection.clone(),
            filter,
            exact: Some(true),
            ..CountPoints::default()
        };
        let answer = self.with_collection(|| {
            self.connection.call("count", question.clone(), |channel, request| async {
                PointsClient::new(channel).count(request).await
            })
        })?;
        answer.result.map(|result| result.count).ok_or_else(|| self.strange("count", "no number"))
    }

    /// The candidates of each query, as many as are asked for.
    fn nearest(&self, asks: &[(&Query, usize)]) -> Result<Vec<Vec<Found>>, IndexError> {
        let question = QueryBatchPoints {
            collection_name: self.options.collection.clone(),
            query_points: asks.iter().map(|(query, limit)| self.question(query, *limit)).collect(),
            ..QueryBatchPoints::default()
        };
        let answer = self.with_collection(|| {
            self.connection.call("search", question.clone(), |channel, request| async {
                PointsClient::new(channel)
                    .max_decoding_message_size(ANSWER_BYTES_MAX)
                    .query_batch(request)
                    .await
            })
        })?;
        if answer.result.len() != asks.len() {
            let (queries, answers) = (asks.len(), answer.result.len());
            return Err(self.strange("search", format!("{answers} answers to {queries} queries")));
        }
        let found = |result: qdrant_client::qdrant::BatchResult| {
            result.result.into_iter().map(point::found).collect::<Result<Vec<_>, _>>()
        };
        let found: Result<Vec<_>, _> = answer.result.into_iter().map(found).collect();
        found.map_err(|what| self.strange("search", what))
    }

    fn question(&self, query: &Query, limit: usize) -> QueryPoints {
        let dense = Input::Dense(DenseVector { data: query.vector.clone() });
        let nearest = Variant::Nearest(VectorInput { variant: Some(dense) });
        QueryPoints {
            collection_name: self.options.collection.clone(),
            query: Some(qdrant_client::qdrant::Query { variant: Some(nearest) }),
            filter: Some(filter::query(query)),
            params: Some(SearchParams { exact: Some(true), ..SearchParams::default() }),
            limit: Some(limit as u64),
            with_vectors: Some(true.into()),
            with_payload: Some(true.into()),
            ..QueryPoints::default()
        }
    }

    fn tell(&self, filter: &Filter) -> Result<Deleted, IndexError> {
        let count = self.count_by(Some(filter.clone()))?;
        if count == 0 {
            return Ok(Deleted::default());
        }
        let first_time = self.edge_of(filter, Direction::Asc)?;
        let last_time = self.edge_of(filter, Direction::Desc)?;
        Ok(Deleted { count, first_time, last_time })
    }

    /// The earliest or latest event time among the points of a filter.
    fn edge_of(&self, filter: &Filter, direction: Direction) -> Result<Option<i64>, IndexError> {
        let order =
            OrderBy { key: "time".to_owned(), direction: Some(direction.into()), start_from: None };
        let question = ScrollPoints {
            collection_name: self.options.collection.clone(),
            filter: Some(filter.clone()),
            limit: Some(1),
            with_payload: Some(true.into()),
            order_by: Some(order),
            ..ScrollPoints::default()
        };
        let doing = "look for what has expired";
        let answer = self.with_collection(|| {
            self.connection.call(doing, question.clone(), |channel, request| async {
                PointsClient::new(channel).scroll(request).await
            })
        })?;
        Ok(answer.result.first().and_then(|point| point::time(&point.payload, "time")))
    }

    fn delete(&self, filter: Filter) -> Result<(), IndexError> {
        let selector =
            PointsSelector { points_selector_one_of: Some(PointsSelectorOneOf::Filter(filter)) };
        let question = DeletePoints {
            collection_name: self.options.collection.clone(),
            wait: Some(true),
            points: Some(selector),
            ..DeletePoints::default()
        };
        self.with_collection(|| {
            self.connection.call("delete points", question.clone(), |channel, request| async {
                PointsClient::new(channel).delete(request).await
            })
        })
        .map(|_| ())
    }

    fn strange(&self, doing: &'static str, cause: impl ToString) -> IndexError {
        IndexError::Answer {
            url: self.connection.url().to_owned(),
            doing,
            cause: cause.to_string(),
            hint: "something else writes to this collection, or the server's version does not fit",
        }
    }
}

impl Index for ServerIndex {
    fn upsert(&self, points: &[Point]) -> Result<(), IndexError> {
        let batch = limits::check_points(points, self.options.dimension)?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let held = || self.count_by(Some(filter::with_ids(batch.keys().copied())));
        room.admit(&batch, || self.count_by(None), held)?;
        let question = UpsertPoints {
            collection_name: self.options.collection.clone(),
            wait: Some(true),
            points: batch.values().map(|one| point::store(one)).collect(),
            ..UpsertPoints::default()
        };
        self.with_collection(|| {
            self.connection.call("store points", question.clone(), |channel, request| async {
                PointsClient::new(channel).upsert(request).await
            })
        })
        .map(|_| ())
    }

    fn search(&self, query: &Query) -> Result<Vec<Hit>, IndexError> {
        let hits = self.search_many(std::slice::from_ref(query))?;
        Ok(hits.into_iter().next().unwrap_or_default())
    }

    fn search_many(&self, queries: &[Query]) -> Result<Vec<Vec<Hit>>, IndexError> {
        limits::check_queries(queries, self.options.dimension)?;
        let mut hits = vec![Vec::new(); queries.len()];
        let answerable = |query: &Query| query.classes.as_ref().is_none_or(|one| !one.is_empty());
        let mut asks: Vec<(usize, usize)> = queries
            .iter()
            .enumerate()
            .filter(|(_, query)| answerable(query))
            .map(|(at, query)| (at, first_ask(query)))
            .collect();
        while !asks.is_empty() {
            let questions: Vec<_> = asks.iter().map(|(at, ask)| (&queries[*at], *ask)).collect();
            let found = self.nearest(&questions)?;
            let mut again = Vec::new();
            for ((at, ask), found) in asks.into_iter().zip(found) {
                match settle(&queries[at], ask, found) {
                    Settled::Hits(settled) => hits[at] = settled,
                    Settled::Ask(more) => again.push((at, more)),
                }
            }
            asks = again;
        }
        Ok(hits)
    }

    fn due(&self, section: Option<&str>, expires_before: i64) -> Result<Deleted, IndexError> {
        limits::check_deletion(section, expires_before)?;
        let _room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        self.tell(&filter::expired(section, expires_before))
    }

    fn delete_before(
        &self,
        section: Option<&str>,
        expires_before: i64,
    ) -> Result<Deleted, IndexError> {
        limits::check_deletion(section, expires_before)?;
        let filter = filter::expired(section, expires_before);
        let _room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.tell(&filter)?;
        if due.count == 0 {
            return Ok(due);
        }
        self.delete(filter.clone())?;
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
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let points = self.count_by(None)?;
        room.counted(points);
        Ok(Maintained { points, disk_bytes: None, rewritten: false })
    }

    fn describe(&self) -> String {
        let ServerOptions { url, collection, dimension, points_max, .. } = &self.options;
        format!(
            "Qdrant at {url}, collection {collection}, {dimension} dimensions, at most {points_max} points"
        )
    }
}
