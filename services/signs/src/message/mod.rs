//! From what happened to what a sign says: stimulus, template, plan, composer.

mod composer;
mod plan;
mod stimulus;
mod template;

pub use composer::{Composed, Composer};
pub use plan::{PlanError, Sample, SignPlan};
pub use stimulus::{Stimulus, What};
pub use template::{Template, TemplateError, Templates, Trigger};
