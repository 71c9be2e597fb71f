//! The collection is made, or is found to fit.

use qdrant_client::qdrant::collections_client::CollectionsClient;
use qdrant_client::qdrant::payload_index_params::IndexParams;
use qdrant_client::qdrant::points_client::PointsClient;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CollectionInfo, CreateCollection, CreateFieldIndexCollection, Distance, FieldType,
    GetCollectionInfoRequest, HnswConfigDiff, IntegerIndexParams, KeywordIndexParams,
    OptimizersConfigDiff, PayloadIndexParams, VectorParams, VectorsConfig,
};
use tonic::Code;

use super::connection::{Connection, Failed};
use super::options::ServerOptions;
use crate::error::IndexError;

/// Makes the collection and its indexes if they are not there.
///
/// # Errors
/// [`IndexError::Mismatch`] if it holds other vectors; what the server says.
pub(super) fn ensure(connection: &Connection, options: &ServerOptions) -> Result<(), IndexError> {
    let info = match info(connection, options) {
        Err(failed) if failed.code() == Code::NotFound => {
            match create(connection, options) {
                // Another process was faster.
                Err(failed) if is_there(&failed) => {}
                result => result?,
            }
            self::info(connection, options)?
        }
        result => result?,
    };
    check(&info, options)?;
    let keyword = IndexParams::KeywordIndexParams(KeywordIndexParams::default());
    let integer = IndexParams::IntegerIndexParams(IntegerIndexParams {
        lookup: Some(false),
        range: Some(true),
        ..IntegerIndexParams::default()
    });
    let fields = [
        ("section", FieldType::Keyword, &keyword),
        ("end", FieldType::Keyword, &keyword),
        ("class", FieldType::Keyword, &keyword),
        ("time", FieldType::Integer, &integer),
        ("expires", FieldType::Integer, &integer),
    ];
    for (name, kind, params) in fields {
        if !info.payload_schema.contains_key(name) {
            index(connection, options, name, kind, params.clone())?;
        }
    }
    Ok(())
}

fn info(connection: &Connection, options: &ServerOptions) -> Result<CollectionInfo, Failed> {
    let question = GetCollectionInfoRequest { collection_name: options.collection.clone() };
    let answer =
        connection.call("look for the collection", question, |channel, request| async {
            CollectionsClient::new(channel).get(request).await
        })?;
    Ok(answer.result.unwrap_or_default())
}

fn create(connection: &Connection, options: &ServerOptions) -> Result<(), Failed> {
    let params = VectorParams {
        size: options.dimension as u64,
        distance: Distance::Dot.into(),
        ..VectorParams::default()
    };
    let question = CreateCollection {
        collection_name: options.collection.clone(),
        vectors_config: Some(VectorsConfig { config: Some(Config::Params(params)) }),
        // No graph: the candidates of a section are few, and a search has to be exact.
        hnsw_config: Some(HnswConfigDiff { m: Some(0), ..HnswConfigDiff::default() }),
        // What is deleted shall leave the disk soon, even if it is little.
        optimizers_config: Some(OptimizersConfigDiff {
            deleted_threshold: Some(0.1),
            vacuum_min_vector_number: Some(100),
            indexing_threshold: Some(0),
            ..OptimizersConfigDiff::default()
        }),
        ..CreateCollection::default()
    };
    connection
        .call("make the collection", question, |channel, request| async {
            CollectionsClient::new(channel).create(request).await
        })
        .map(|_| ())
}

/// Whether making it failed because it is there. Qdrant's code for it has changed with versions.
fn is_there(failed: &Failed) -> bool {
    matches!(failed.code(), Code::AlreadyExists | Code::InvalidArgument | Code::Internal)
}

fn index(
    connection: &Connection,
    options: &ServerOptions,
    name: &str,
    kind: FieldType,
    params: IndexParams,
) -> Result<(), Failed> {
    let question = CreateFieldIndexCollection {
        collection_name: options.collection.clone(),
        wait: Some(true),
        field_name: name.to_owned(),
        field_type: Some(kind.into()),
        field_index_params: Some(PayloadIndexParams { index_params: Some(params) }),
        ..CreateFieldIndexCollection::default()
    };
    connection
        .call("index a field of the collection", question, |channel, request| async {
            PointsClient::new(channel).create_field_index(request).await
        })
        .map(|_| ())
}

/// Whether the collection holds vectors like ours.
fn check(info: &CollectionInfo, options: &ServerOptions) -> Result<(), IndexError> {
    let params = info.config.as_ref().and_then(|config| config.params.as_ref());
    let vectors = params.and_then(|params| params.vectors_config.as_ref()?.config.as_ref());
    let found = match vectors {
        Some(Config::Params(params)) => {
            let dot = params.distance == i32::from(Distance::Dot);
            if dot && params.size == options.dimension as u64 {
                return Ok(());
            }
            let distance = Distance::try_from(params.distance)
                .map_or("unknown", |distance| distance.as_str_name());
            format!("vectors of {} numbers with distance {distance}", params.size)
        }
        Some(Config::ParamsMap(_)) => "several vectors for each point".to_owned(),
        None => "no vectors".to_owned(),
    };
    Err(IndexError::Mismatch {
        place: format!("the collection {} of {}", options.collection, options.url),
        found,
        needed: format!("vectors of {} numbers with distance Dot", options.dimension),
        hint: "choose another collection; another embedding model needs one of its own",
    })
}
