//! Several ways to be known: a program by its token, a person by the session of a console.

use std::sync::Arc;

use wayside_proto::EventTime;

use super::{Asking, Authenticator, Signed, Unknown};

/// Asks one after the other. The first that finds something of its own in the request decides: a wrong token is not
/// made good by a cookie.
#[derive(Clone, Debug)]
pub struct AnyOf(Vec<Arc<dyn Authenticator>>);

impl AnyOf {
    /// In this order.
    #[must_use]
    pub fn new(all: Vec<Arc<dyn Authenticator>>) -> Self {
        Self(all)
    }
}

impl Authenticator for AnyOf {
    fn authenticate(&self, asking: &Asking<'_>, now: EventTime) -> Result<Signed, Unknown> {
        for one in &self.0 {
            match one.authenticate(asking, now) {
                Err(Unknown::Missing) => {}
                decided => return decided,
            }
        }
        Err(Unknown::Missing)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Method};
    use wayside_cases::{Account, Actor, Role};

    use super::*;

    /// Knows whoever has a header of its name.
    #[derive(Debug)]
    struct By(&'static str, Role);

    impl Authenticator for By {
        fn authenticate(&self, asking: &Asking<'_>, _: EventTime) -> Result<Signed, Unknown> {
            let value = asking.headers.get(self.0).ok_or(Unknown::Missing)?;
            if value != "right" {
                return Err(Unknown::Wrong);
            }
            let account = Account::new(self.0).expect("an account");
            Ok(Signed { actor: Actor::new(account, self.1), key: 1 })
        }
    }

    #[test]
    fn the_first_that_is_addressed_decides() {
        let any = AnyOf::new(vec![
            Arc::new(By("token", Role::Ticketing)),
            Arc::new(By("cookie", Role::Reviewer)),
        ]);
        let ask = |pairs: &[(&'static str, &'static str)]| {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(name, value)| {
                    (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))
                })
                .collect();
            let asking = Asking { method: &Method::GET, headers: &headers, query: None };
            any.authenticate(&asking, EventTime(0)).map(|signed| signed.actor.role)
        };
        assert_eq!(ask(&[]), Err(Unknown::Missing));
        assert_eq!(ask(&[("cookie", "right")]), Ok(Role::Reviewer));
        assert_eq!(ask(&[("token", "right"), ("cookie", "right")]), Ok(Role::Ticketing));
        assert_eq!(ask(&[("token", "wrong"), ("cookie", "right")]), Err(Unknown::Wrong));
        assert_eq!(ask(&[("cookie", "wrong")]), Err(Unknown::Wrong));
    }
}
