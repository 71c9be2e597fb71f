//! Points: store, search, scroll, count, remove.

use std::sync::Arc;

use qdrant_client::qdrant as server;
use qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use qdrant_client::qdrant::points_server::Points;
use qdrant_client::qdrant::query::Variant;
use qdrant_client::qdrant::vector_input::Variant as Input;
use qdrant_client::qdrant::{
    BatchResult, CountPoints, CountResponse, CountResult, CreateFieldIndexCollection, DeletePoints,
    FieldType, PointsOperationResponse, QueryBatchPoints, QueryBatchResponse, QueryPoints,
    QueryResponse, ScrollPoints, ScrollResponse, UpdateResult, UpdateStatus, UpsertPoints,
};
use qdrant_edge::{
    CountRequest, CreateIndex, FieldIndexOperations, IntegerIndexParams, KeywordIndexParams,
    NamedQuery, OrderByInterface, PayloadFieldSchema, PayloadSchemaParams, PointInsertOperations,
    PointOperations, QueryEnum, ScrollRequest, SearchRequest, UpdateOperation,
    WithPayloadInterface, WithVector,
};
use tonic::{Request, Response, Status};

use super::collections::kind_name;
use super::service::service;
use super::world::{Collection, World, internal};
use super::{convert, question};

pub(super) struct PointsService(pub(super) Arc<World>);

fn done() -> Response<PointsOperationResponse> {
    let result = UpdateResult { operation_id: None, status: UpdateStatus::Completed.into() };
    Response::new(PointsOperationResponse { result: Some(result), time: 0.0, usage: None })
}

fn update(collection: &Collection, operation: UpdateOperation, points: u64) -> Result<(), Status> {
    collection.store.write().update("update", operation, points).map_err(internal)
}

fn with_payload(selector: Option<server::WithPayloadSelector>) -> Result<bool, Status> {
    use server::with_payload_selector::SelectorOptions::Enable;
    match selector.and_then(|selector| selector.selector_options) {
        None => Ok(false),
        Some(Enable(wanted)) => Ok(wanted),
        Some(_) => Err(Status::unimplemented("the shim gives whole payloads")),
    }
}

fn with_vectors(selector: Option<server::WithVectorsSelector>) -> Result<bool, Status> {
    use server::with_vectors_selector::SelectorOptions::Enable;
    match selector.and_then(|selector| selector.selector_options) {
        None => Ok(false),
        Some(Enable(wanted)) => Ok(wanted),
        Some(_) => Err(Status::unimplemented("the shim knows no named vectors")),
    }
}

fn query(collection: &Collection, one: QueryPoints) -> Result<Vec<server::ScoredPoint>, Status> {
    if !one.prefetch.is_empty() || one.using.is_some() || one.score_threshold.is_some() {
        return Err(Status::unimplemented("the shim knows plain queries only"));
    }
    let vector = match one.query.and_then(|query| query.variant) {
        Some(Variant::Nearest(input)) => match input.variant {
            Some(Input::Dense(dense)) => dense.data,
            _ => return Err(Status::unimplemented("the shim knows dense vectors only")),
        },
        _ => return Err(Status::unimplemented("the shim knows nearest points only")),
    };
    convert::check_dimension(&vector, collection.dimension)?;
    let request = SearchRequest {
        query: QueryEnum::Nearest(NamedQuery::default_dense(vector)),
        filter: question::filter(one.filter)?,
        params: None,
        limit: one.limit.unwrap_or(10) as usize,
        offset: one.offset.unwrap_or(0) as usize,
        with_payload: Some(WithPayloadInterface::Bool(with_payload(one.with_payload)?)),
        with_vector: Some(WithVector::Bool(with_vectors(one.with_vectors)?)),
        score_threshold: None,
    };
    let scored =
        collection.store.read("search", |shard| shard.search(request)).map_err(internal)?;
    Ok(scored.into_iter().map(convert::scored).collect())
}

service! {
    impl Points for PointsService {
        async fn upsert(
            &self,
            request: Request<UpsertPoints>,
        ) -> Result<Response<PointsOperationResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let points = request.points.into_iter();
            let points = points.map(|point| convert::point(point, collection.dimension));
            let points = points.collect::<Result<Vec<_>, _>>()?;
            let count = points.len() as u64;
            let insert = PointInsertOperations::PointsList(points);
            let operation = UpdateOperation::PointOperation(PointOperations::UpsertPoints(insert));
            update(&collection, operation, count)?;
            Ok(done())
        }

        async fn delete(
            &self,
            request: Request<DeletePoints>,
        ) -> Result<Response<PointsOperationResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let selector = request.points.and_then(|points| points.points_selector_one_of);
            let operation = match selector {
                Some(PointsSelectorOneOf::Points(list)) => {
                    let ids: Result<Vec<_>, _> = list.ids.into_iter().map(convert::id).collect();
                    PointOperations::DeletePoints { ids: ids? }
                }
                Some(PointsSelectorOneOf::Filter(filter)) => {
                    PointOperations::DeletePointsByFilter(question::whole(filter)?)
                }
                None => return Err(Status::invalid_argument("nothing is selected")),
            };
            let living = |collection: &Collection| {
                let count = CountRequest { filter: None, exact: true };
                collection.store.read("count", |shard| shard.count(count)).map_err(internal)
            };
            let before = living(&collection)?;
            update(&collection, UpdateOperation::PointOperation(operation), 0)?;
            let dead = before.saturating_sub(living(&collection)?);
            collection.store.write().died(dead as u64);
            Ok(done())
        }

        async fn create_field_index(
            &self,
            request: Request<CreateFieldIndexCollection>,
        ) -> Result<Response<PointsOperationResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let kind = request.field_type.and_then(|kind| FieldType::try_from(kind).ok());
            let params = match kind.and_then(kind_name) {
                Some("keyword") => PayloadSchemaParams::Keyword(KeywordIndexParams::default()),
                Some(_) => PayloadSchemaParams::Integer(IntegerIndexParams {
                    lookup: Some(true),
                    range: Some(true),
                    ..IntegerIndexParams::default()
                }),
                None => return Err(Status::unimplemented("the shim indexes keywords and integers")),
            };
            let index = CreateIndex {
                field_name: question::path(&request.field_name)?,
                field_schema: Some(PayloadFieldSchema::FieldParams(params)),
            };
            let operation = FieldIndexOperations::CreateIndex(index);
            update(&collection, UpdateOperation::FieldIndexOperation(operation), 0)?;
            Ok(done())
        }

        async fn scroll(
            &self,
            request: Request<ScrollPoints>,
        ) -> Result<Response<ScrollResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let order = request.order_by.map(question::order).transpose()?;
            let scroll = ScrollRequest {
                offset: request.offset.map(convert::id).transpose()?,
                limit: Some(request.limit.unwrap_or(10) as usize),
                filter: question::filter(request.filter)?,
                with_payload: Some(WithPayloadInterface::Bool(with_payload(request.with_payload)?)),
                with_vector: WithVector::Bool(with_vectors(request.with_vectors)?),
                order_by: order.map(OrderByInterface::Struct),
            };
            let (records, next) =
                collection.store.read("scroll", |shard| shard.scroll(scroll)).map_err(internal)?;
            let result = records.into_iter().map(|record| server::RetrievedPoint {
                id: Some(convert::id_back(record.id)),
                payload: convert::payload_back(record.payload),
                vectors: record.vector.and_then(convert::vectors_back),
                shard_key: None,
                order_value: None,
            });
            Ok(Response::new(ScrollResponse {
                next_page_offset: next.map(convert::id_back),
                result: result.collect(),
                time: 0.0,
                usage: None,
            }))
        }

        async fn count(
            &self,
            request: Request<CountPoints>,
        ) -> Result<Response<CountResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let exact = request.exact.unwrap_or(true);
            let count = CountRequest { filter: question::filter(request.filter)?, exact };
            let count =
                collection.store.read("count", |shard| shard.count(count)).map_err(internal)?;
            let result = Some(CountResult { count: count as u64 });
            Ok(Response::new(CountResponse { result, time: 0.0, usage: None }))
        }

        async fn query(
            &self,
            request: Request<QueryPoints>,
        ) -> Result<Response<QueryResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let result = query(&collection, request)?;
            Ok(Response::new(QueryResponse { result, time: 0.0, usage: None }))
        }

        async fn query_batch(
            &self,
            request: Request<QueryBatchPoints>,
        ) -> Result<Response<QueryBatchResponse>, Status> {
            let request = request.into_inner();
            let collection = self.0.get(&request.collection_name)?;
            let queries = request.query_points.into_iter();
            let results = queries.map(|one| Ok(BatchResult { result: query(&collection, one)? }));
            let result = results.collect::<Result<Vec<_>, Status>>()?;
            Ok(Response::new(QueryBatchResponse { result, time: 0.0, usage: None }))
        }
    }
    absent {
        get: GetPoints => GetResponse,
        update_vectors: UpdatePointVectors => PointsOperationResponse,
        delete_vectors: DeletePointVectors => PointsOperationResponse,
        set_payload: SetPayloadPoints => PointsOperationResponse,
        overwrite_payload: SetPayloadPoints => PointsOperationResponse,
        delete_payload: DeletePayloadPoints => PointsOperationResponse,
        clear_payload: ClearPayloadPoints => PointsOperationResponse,
        delete_field_index: DeleteFieldIndexCollection => PointsOperationResponse,
        create_vector_name: CreateVectorNameRequest => PointsOperationResponse,
        delete_vector_name: DeleteVectorNameRequest => PointsOperationResponse,
        search: SearchPoints => SearchResponse,
        search_batch: SearchBatchPoints => SearchBatchResponse,
        search_groups: SearchPointGroups => SearchGroupsResponse,
        recommend: RecommendPoints => RecommendResponse,
        recommend_batch: RecommendBatchPoints => RecommendBatchResponse,
        recommend_groups: RecommendPointGroups => RecommendGroupsResponse,
        discover: DiscoverPoints => DiscoverResponse,
        discover_batch: DiscoverBatchPoints => DiscoverBatchResponse,
        update_batch: UpdateBatchPoints => UpdateBatchResponse,
        query_groups: QueryPointGroups => QueryGroupsResponse,
        facet: FacetCounts => FacetResponse,
        search_matrix_pairs: SearchMatrixPoints => SearchMatrixPairsResponse,
        search_matrix_offsets: SearchMatrixPoints => SearchMatrixOffsetsResponse,
    }
}
