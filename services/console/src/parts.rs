//! What a console is made of.

use std::sync::Arc;

use axum::Router;
use wayside_accounts::Accounts;
use wayside_accounts::http::HttpOptions;
use wayside_bus::Bus;
use wayside_http::Clock;

use crate::feed::LookBack;
use crate::pictures::Pictures;
use crate::queue::ReviewQueue;
use crate::signs::SignStates;
use crate::sites::Sites;
use crate::web::Web;

/// What a console is made of. What is none is left out, and said so where it is asked for.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where everything is heard.
    pub bus: Arc<dyn Bus>,
    /// The sites that are shown.
    pub sites: Arc<Sites>,
    /// Who may sign in.
    pub accounts: Arc<Accounts>,
    /// From which address a request comes.
    pub sign_in: HttpOptions,
    /// The API of review, as it is: it comes below `/api/review`.
    pub review: Option<Router>,
    /// What engineers do: routes with their whole paths below `/api/v1`.
    pub engineer: Option<Router>,
    /// Pictures of cameras.
    pub pictures: Option<Arc<dyn Pictures>>,
    /// What signs show.
    pub signs: Option<Arc<dyn SignStates>>,
    /// How much waits for review.
    pub queue: Option<Arc<dyn ReviewQueue>>,
    /// The web app: [`Web::embedded`].
    pub web: Web,
    /// How far back the console looks at start.
    pub look_back: LookBack,
    /// The time.
    pub clock: Clock,
}
