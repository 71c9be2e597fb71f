//! Out to a provider, and back with a code; what its ID token says when it holds.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreTokenResponse,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse,
};
use serde_json::Value;
use wayside_proto::EventTime;

use super::OidcError;
use super::provider::Provider;
use crate::error::Result as AccountsResult;
use crate::secret::{Digest32, Secret, presented, same};

type Result<T> = std::result::Result<T, OidcError>;

/// A client that knows where to send browsers, and may know where to ask for tokens.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Signatures that are taken: those with a public key.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 5] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A sign-in that was begun. In memory alone.
#[derive(Debug)]
pub(crate) struct Begun {
    provider: String,
    nonce: Secret,
    verifier: Secret,
    /// Of the cookie of the browser that began.
    browser: Digest32,
}

/// The way out.
#[derive(Debug)]
pub(crate) struct Way {
    /// The address at the provider.
    pub url: String,
    /// The value of the cookie that binds it to this browser.
    pub browser: Secret,
    /// Under what it is kept.
    pub key: Digest32,
    pub begun: Begun,
}

/// What comes back in the address.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Returned<'a> {
    pub code: Option<&'a str>,
    pub error: Option<&'a str>,
    /// The issuer (RFC 9207), where the provider says it.
    pub issuer: Option<&'a str>,
    /// The cookie.
    pub browser: Option<&'a str>,
}

impl Provider {
    fn client(&self, metadata: CoreProviderMetadata) -> Result<Client> {
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        let back = RedirectUrl::new(self.back.clone()).map_err(|_| OidcError::Down)?;
        Ok(CoreClient::from_provider_metadata(metadata, id, secret).set_redirect_uri(back))
    }

    /// The way out, with new secrets.
    pub(crate) fn way_out(&self, now: EventTime) -> AccountsResult<Way> {
        let client = self.client(self.metadata(false, now)?)?;
        let (state, nonce) = (Secret::new()?, Secret::new()?);
        let (verifier, browser) = (Secret::new()?, Secret::new()?);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
            verifier.reveal().to_owned(),
        ));
        let (out, once) = (state.reveal().to_owned(), nonce.reveal().to_owned());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(out.clone()),
                move || Nonce::new(once.clone()),
            )
            .set_pkce_challenge(challenge);
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, _, _) = request.url();
        let (key, digest) = (state.digest(), browser.digest());
        let provider = self.settings.id.clone();
        let begun = Begun { provider, nonce, verifier, browser: digest };
        Ok(Way { url: url.to_string(), browser, key, begun })
    }

    /// What the provider says about whoever comes back: the claims of an ID token that holds.
    pub(crate) fn way_back(
        &self,
        begun: &Begun,
        returned: Returned<'_>,
        now: EventTime,
    ) -> Result<Value> {
        let browser = returned.browser.and_then(presented).ok_or(OidcError::State)?;
        let bound = same(&browser, &begun.browser) && begun.provider == self.settings.id;
        if !bound {
            return Err(OidcError::State);
        }
        if returned.issuer.is_some_and(|issuer| issuer != self.settings.issuer) {
            return Err(OidcError::State);
        }
        if let Some(error) = returned.error {
            let error: String = error.chars().take(100).flat_map(char::escape_debug).collect();
            tracing::info!("the provider {} signed nobody in: {error}", self.settings.id);
            return Err(OidcError::Refused);
        }
        let code = returned.code.filter(|code| code.len() <= 4_096).ok_or(OidcError::Refused)?;
        let metadata = self.metadata(false, now)?;
        let client = self.client(metadata)?;
        let tokens = self.tokens(&client, begun, code)?;
        let token = tokens.id_token().ok_or(OidcError::Token)?;
        match self.holds(&client, token, begun, now) {
            Ok(()) => {}
            // Its keys may have changed since it was last asked.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let client = self.client(self.metadata(true, now)?)?;
                let again = self.holds(&client, token, begun, now);
                again.map_err(|error| self.refuse(&error))?;
            }
            Err(error) => return Err(self.refuse(&error)),
        }
        claims(token)
    }

    fn refuse(&self, error: &ClaimsVerificationError) -> OidcError {
        self.tell("gave an ID token that does not hold", error);
        OidcError::Token
    }

    fn tokens(&self, client: &Client, begun: &Begun, code: &str) -> Result<CoreTokenResponse> {
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| {
                self.tell("has no token endpoint", &error);
                OidcError::Down
            })?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.reveal().to_owned()));
        request.request(&|request| self.ask(request)).map_err(|error| {
            use openidconnect::RequestTokenError;
            self.tell("gave no tokens", &error);
            match error {
                RequestTokenError::ServerResponse(_) => OidcError::Refused,
                _ => OidcError::Down,
            }
        })
    }

    /// Signature, issuer, audience, expiry and nonce.
    fn holds(
        &self,
        client: &Client,
        token: &CoreIdToken,
        begun: &Begun,
        now: EventTime,
    ) -> std::result::Result<(), ClaimsVerificationError> {
        let at = DateTime::<Utc>::from_timestamp_micros(now.0).unwrap_or_default();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || at)
            .set_issue_time_verifier_fn(move |issued| {
                let minutes = (at - issued).num_minutes();
                if (-5..=60).contains(&minutes) {
                    Ok(())
                } else {
                    Err(format!("issued {minutes} minutes ago"))
                }
            });
        let nonce = Nonce::new(begun.nonce.reveal().to_owned());
        token.claims(&verifier, &nonce).map(|_| ())
    }
}

/// The claims of a token that was verified: its middle part.
fn claims(token: &CoreIdToken) -> Result<Value> {
    let text = token.to_string();
    let middle = text.split('.').nth(1).ok_or(OidcError::Token)?;
    let bytes = URL_SAFE_NO_PAD.decode(middle).map_err(|_| OidcError::Token)?;
    serde_json::from_slice(&bytes).map_err(|_| OidcError::Token)
}
