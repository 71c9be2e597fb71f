//! What the descriptions of all our APIs say alike: how errors look, and that any route may refuse.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr};

use crate::PROBLEM_JSON;

/// The schema of a problem, in the components of each description.
const PROBLEM: &str = "#/components/schemas/Problem";

/// Gives problems their media type, and says of each route what holds for all of them: a request that is
/// refused, and a service that has too much to do. What a route says by itself stays.
pub fn describe_problems(api: &mut OpenApi) {
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        let responses = &mut operation.responses.responses;
        for response in responses.values_mut() {
            if let RefOr::T(response) = response {
                named(response);
            }
        }
        let usual = [("4XX", "The request is refused."), ("503", "Too much at once.")];
        for (status, why) in usual {
            responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(why)));
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn problem(why: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::new(PROBLEM))).build();
    ResponseBuilder::new().description(why).content(PROBLEM_JSON, content).build()
}

/// What the macros take for JSON as any other.
fn named(response: &mut Response) {
    let is_problem = |content: &RefOr<utoipa::openapi::Content>| match content {
        RefOr::T(content) => {
            matches!(&content.schema, Some(RefOr::Ref(of)) if of.ref_location == PROBLEM)
        }
        RefOr::Ref(_) => false,
    };
    if response.content.get("application/json").is_some_and(is_problem)
        && let Some(content) = response.content.shift_remove("application/json")
    {
        response.content.insert(PROBLEM_JSON.to_owned(), content);
    }
}
