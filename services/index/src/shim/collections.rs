//! Collections: make, look at, list, remove.

use std::sync::Arc;

use qdrant_client::qdrant::collections_server::Collections;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CollectionConfig, CollectionDescription, CollectionExists, CollectionExistsRequest,
    CollectionExistsResponse, CollectionInfo, CollectionOperationResponse, CollectionParams,
    CollectionStatus, CreateCollection, DeleteCollection, Distance, FieldType,
    GetCollectionInfoRequest, GetCollectionInfoResponse, HnswConfigDiff, ListCollectionsRequest,
    ListCollectionsResponse, PayloadSchemaInfo, PayloadSchemaType, VectorParams, VectorsConfig,
};
use tonic::{Request, Response, Status};

use super::service::service;
use super::world::{World, internal};

pub(super) struct CollectionsService(pub(super) Arc<World>);

fn made(result: bool) -> Response<CollectionOperationResponse> {
    Response::new(CollectionOperationResponse { result, time: 0.0 })
}

/// The kind of an index, in the server's numbers.
fn kind(name: &str) -> PayloadSchemaType {
    match name {
        "keyword" => PayloadSchemaType::Keyword,
        "integer" => PayloadSchemaType::Integer,
        _ => PayloadSchemaType::UnknownType,
    }
}

/// The kind of an index as the engine calls it.
pub(super) fn kind_name(kind: FieldType) -> Option<&'static str> {
    match kind {
        FieldType::Keyword => Some("keyword"),
        FieldType::Integer => Some("integer"),
        _ => None,
    }
}

service! {
    impl Collections for CollectionsService {
        async fn get(
            &self,
            request: Request<GetCollectionInfoRequest>,
        ) -> Result<Response<GetCollectionInfoResponse>, Status> {
            let collection = self.0.get(&request.into_inner().collection_name)?;
            let info = collection.store.read("look", |shard| Ok(shard.info())).map_err(internal)?;
            let schema = info.payload_schema.into_iter().map(|(field, index)| {
                let data_type = kind(index.data_type.name()).into();
                let points = Some(index.points as u64);
                (field.to_string(), PayloadSchemaInfo { data_type, params: None, points })
            });
            let params = VectorParams {
                size: collection.dimension as u64,
                distance: Distance::Dot.into(),
                ..VectorParams::default()
            };
            let params = CollectionParams {
                shard_number: 1,
                vectors_config: Some(VectorsConfig { config: Some(Config::Params(params)) }),
                ..CollectionParams::default()
            };
            let config = CollectionConfig {
                params: Some(params),
                hnsw_config: Some(HnswConfigDiff { m: Some(0), ..HnswConfigDiff::default() }),
                ..CollectionConfig::default()
            };
            let result = CollectionInfo {
                status: CollectionStatus::Green.into(),
                segments_count: info.segments_count as u64,
                config: Some(config),
                payload_schema: schema.collect(),
                points_count: Some(info.points_count as u64),
                indexed_vectors_count: Some(info.indexed_vectors_count as u64),
                ..CollectionInfo::default()
            };
            Ok(Response::new(GetCollectionInfoResponse { result: Some(result), time: 0.0 }))
        }

        async fn list(
            &self,
            _: Request<ListCollectionsRequest>,
        ) -> Result<Response<ListCollectionsResponse>, Status> {
            let named = |name| CollectionDescription { name };
            let collections = self.0.names().into_iter().map(named).collect();
            Ok(Response::new(ListCollectionsResponse { collections, time: 0.0 }))
        }

        async fn create(
            &self,
            request: Request<CreateCollection>,
        ) -> Result<Response<CollectionOperationResponse>, Status> {
            let request = request.into_inner();
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if request.collection_name.is_empty() || !request.collection_name.chars().all(plain) {
                return Err(Status::invalid_argument("no name for a collection"));
            }
            let params = match request.vectors_config.and_then(|vectors| vectors.config) {
                Some(Config::Params(params)) => params,
                _ => return Err(Status::unimplemented("the shim knows one vector a point")),
            };
            if params.distance != i32::from(Distance::Dot) {
                return Err(Status::unimplemented("the shim knows the dot product only"));
            }
            if !(1..=65_536).contains(&params.size) {
                return Err(Status::invalid_argument("no size of a vector"));
            }
            self.0.create(&request.collection_name, params.size as usize)?;
            Ok(made(true))
        }

        async fn delete(
            &self,
            request: Request<DeleteCollection>,
        ) -> Result<Response<CollectionOperationResponse>, Status> {
            Ok(made(self.0.delete(&request.into_inner().collection_name)?))
        }

        async fn collection_exists(
            &self,
            request: Request<CollectionExistsRequest>,
        ) -> Result<Response<CollectionExistsResponse>, Status> {
            let exists = self.0.get(&request.into_inner().collection_name).is_ok();
            let result = Some(CollectionExists { exists });
            Ok(Response::new(CollectionExistsResponse { result, time: 0.0 }))
        }
    }
    absent {
        update: UpdateCollection => CollectionOperationResponse,
        update_aliases: ChangeAliases => CollectionOperationResponse,
        list_collection_aliases: ListCollectionAliasesRequest => ListAliasesResponse,
        list_aliases: ListAliasesRequest => ListAliasesResponse,
        collection_cluster_info: CollectionClusterInfoRequest => CollectionClusterInfoResponse,
        update_collection_cluster_setup:
            UpdateCollectionClusterSetupRequest => UpdateCollectionClusterSetupResponse,
        create_shard_key: CreateShardKeyRequest => CreateShardKeyResponse,
        delete_shard_key: DeleteShardKeyRequest => DeleteShardKeyResponse,
        list_shard_keys: ListShardKeysRequest => ListShardKeysResponse,
    }
}
