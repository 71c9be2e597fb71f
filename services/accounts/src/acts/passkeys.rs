//! Passkeys (WebAuthn). The authenticator must know its user: a passkey is two factors in one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};
use wayside_cases::Account;
use wayside_proto::EventTime;
use webauthn_rs::Webauthn;
use webauthn_rs::fake::{FakePasskeyDistribution, WebauthnFakeCredentialGenerator};
use webauthn_rs::prelude::{
    Passkey, PublicKeyCredential, RegisterPublicKeyCredential, Uuid, WebauthnError,
};

use super::ceremonies::Ceremony;
use super::session::NewSession;
use super::sessions::log;
use super::{Accounts, Client, locked};
use crate::error::{Error, Result};
use crate::http::SignedIn;
use crate::policy::{CEREMONY_S, check_name};
use crate::secret::{Digest32, Secret, presented, random};
use crate::store::{AccountRecord, PasskeyRecord};

/// Passkeys of one account.
const PASSKEYS_MAX: usize = 10;

/// A passkey in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id here.
    pub id: String,
    /// How its owner calls it.
    pub label: String,
    /// When it was added.
    pub created: EventTime,
    /// When it was last used.
    pub last_used: Option<EventTime>,
}

/// A sign-in by passkey that was begun.
#[derive(Debug)]
pub struct SignInCeremony {
    pub(crate) id: Secret,
    /// What the browser's `navigator.credentials.get` is asked: its `publicKey`, as JSON of WebAuthn Level 3
    /// (`parseRequestOptionsFromJSON`).
    pub public_key: Value,
}

impl SignInCeremony {
    /// The id with which it is ended.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.reveal()
    }
}

fn not_taken(error: &WebauthnError) -> Error {
    tracing::info!("a passkey was not accepted: {error}");
    Error::Passkey("it does not answer what was asked, or was not unlocked by its user")
}

impl Accounts {
    fn webauthn(&self) -> Result<&Webauthn> {
        self.webauthn.as_ref().ok_or(Error::PasskeysUnavailable)
    }

    /// Begins to add a passkey to one's own account. A session adds one at a time. Gives the `publicKey` of
    /// `navigator.credentials.create`, as JSON of WebAuthn Level 3.
    ///
    /// # Errors
    /// Where passkeys are not to be had under this address, the label is none, or there are too many.
    pub fn start_registration(
        &self,
        who: &SignedIn,
        label: &str,
        client: &Client,
        now: EventTime,
    ) -> Result<Value> {
        let webauthn = self.webauthn()?;
        let label = check_name(label)?;
        let (record, have) = self.store.read(|connection| {
            let record = AccountRecord::get(connection, &who.account)?;
            Ok((record, PasskeyRecord::of(connection, &who.account)?))
        })?;
        if have.len() >= PASSKEYS_MAX {
            return Err(Error::TooMany { what: "passkeys of this account", max: PASSKEYS_MAX });
        }
        let known = have.iter().map(|known| known.passkey.cred_id().clone()).collect();
        let handle = Uuid::from_bytes(record.handle);
        let (challenge, state) = webauthn
            .start_passkey_registration(handle, who.account.as_str(), &record.name, Some(known))
            .map_err(|error| not_taken(&error))?;
        let mut public_key = json_of(&challenge.public_key)?;
        // One that can say whose it is signs in without the name of the account.
        if let Some(selection) = public_key.get_mut("authenticatorSelection") {
            selection["residentKey"] = json!("preferred");
        }
        let ceremony = Ceremony::Registration { label, state: Box::new(state) };
        let key = registration_key(&who.digest);
        locked(&self.ceremonies).begin(key, ceremony, client.address, now, CEREMONY_S)?;
        Ok(public_key)
    }

    /// Adds it.
    ///
    /// # Errors
    /// Where none was begun by this session, or it does not answer what was asked.
    pub fn finish_registration(
        &self,
        who: &SignedIn,
        credential: &RegisterPublicKeyCredential,
        client: &Client,
        now: EventTime,
    ) -> Result<PasskeyRow> {
        let webauthn = self.webauthn()?;
        let begun = locked(&self.ceremonies).take(&registration_key(&who.digest), now);
        let Some(Ceremony::Registration { label, state }) = begun else {
            return Err(Error::Passkey(
                "no passkey is waited for, or it took longer than 5 minutes",
            ));
        };
        let passkey = webauthn
            .finish_passkey_registration(credential, &state)
            .map_err(|error| not_taken(&error))?;
        let id = random::<8>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let record = PasskeyRecord { id, label, passkey, created: now, used: None };
        self.store.write(|tx| {
            if PasskeyRecord::is_known(tx, record.passkey.cred_id().as_ref())? {
                return Err(Error::Passkey("it is registered already"));
            }
            if PasskeyRecord::of(tx, &who.account)?.len() >= PASSKEYS_MAX {
                return Err(Error::TooMany { what: "passkeys of this account", max: PASSKEYS_MAX });
            }
            record.insert(tx, &who.account)?;
            log(tx, who, "passkey-added", &record.id, client, now)
        })?;
        Ok(row(&record))
    }

    /// One's own passkeys.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn passkeys(&self, who: &SignedIn) -> Result<Vec<PasskeyRow>> {
        let all = self.store.read(|connection| PasskeyRecord::of(connection, &who.account))?;
        Ok(all.iter().map(row).collect())
    }

    /// Removes one of them.
    ///
    /// # Errors
    /// Where this account has no such passkey.
    pub fn remove_passkey(
        &self,
        who: &SignedIn,
        id: &str,
        client: &Client,
        now: EventTime,
    ) -> Result<()> {
        self.store.write(|tx| {
            if !PasskeyRecord::remove(tx, &who.account, id)? {
                return Err(Error::NoPasskey);
            }
            log(tx, who, "passkey-removed", id, client, now)
        })
    }

    /// Begins a sign-in. Without an account the passkey says whose it is. With one that is not there, or has
    /// none, the answer looks like any other and leads nowhere.
    ///
    /// # Errors
    /// Where passkeys are not to be had under this address, or too many sign-ins are begun.
    pub fn start_passkey_sign_in(
        &self,
        account: Option<&str>,
        client: &Client,
        now: EventTime,
    ) -> Result<SignInCeremony> {
        let webauthn = self.webauthn()?;
        let failed = |error: WebauthnError| not_taken(&error);
        let (public_key, ceremony) = match account {
            None => {
                let (challenge, state) =
                    webauthn.start_discoverable_authentication().map_err(failed)?;
                let public_key = json_of(&challenge.public_key)?;
                (public_key, Ceremony::Discoverable { state: Box::new(state) })
            }
            Some(name) => {
                let keys: Vec<Passkey> = self.store.read(|connection| {
                    let Ok(account) = Account::new(name) else {
                        return Ok(Vec::new());
                    };
                    let all = PasskeyRecord::of(connection, &account)?;
                    Ok(all.into_iter().map(|record| record.passkey).collect())
                })?;
                if keys.is_empty() {
                    (self.hopeless(webauthn, name)?, Ceremony::Hopeless)
                } else {
                    let (challenge, state) =
                        webauthn.start_passkey_authentication(&keys).map_err(failed)?;
                    let ids = keys.iter().map(|key| key.cred_id().clone()).collect();
                    let public_key = asking_for(json_of(&challenge.public_key)?, ids);
                    (public_key, Ceremony::Named { state: Box::new(state) })
                }
            }
        };
        let id = Secret::new()?;
        let key = sign_in_key(&id.digest());
        locked(&self.ceremonies).begin(key, ceremony, client.address, now, CEREMONY_S)?;
        Ok(SignInCeremony { id, public_key })
    }

    /// A challenge with credentials that nobody has, always the same ones for the same name
    /// (WebAuthn Level 3, 14.6.2).
    fn hopeless(&self, webauthn: &Webauthn, name: &str) -> Result<Value> {
        let begun = webauthn.start_discoverable_authentication();
        let (challenge, _) = begun.map_err(|error| not_taken(&error))?;
        let fakes = WebauthnFakeCredentialGenerator::<FakePasskeyDistribution>::new(&self.fake_key);
        let fakes = fakes.and_then(|fakes| fakes.generate(name.as_bytes()));
        let fakes = fakes.map_err(|error| not_taken(&error))?;
        Ok(asking_for(json_of(&challenge.public_key)?, fakes))
    }

    /// Ends a sign-in by passkey.
    ///
    /// # Errors
    /// `SignIn` for everything that is wrong, without saying what.
    pub fn finish_passkey_sign_in(
        &self,
        id: &str,
        credential: &PublicKeyCredential,
        client: &Client,
        before: Option<&[u8; 32]>,
        now: EventTime,
    ) -> Result<NewSession> {
        let session = self.trying(client.address, now, || {
            let begun = presented(id)
                .and_then(|digest| locked(&self.ceremonies).take(&sign_in_key(&digest), now));
            match self.by_passkey(begun, credential) {
                Ok((record, used)) => self.store.write(|tx| {
                    // Meanwhile it may have been removed, or the account disabled.
                    let still = AccountRecord::get(tx, &record.account)?;
                    let there = PasskeyRecord::of(tx, &record.account)?;
                    if still.disabled || !there.iter().any(|known| known.id == used.id) {
                        return Err(Error::SignIn);
                    }
                    PasskeyRecord::used(tx, &used.id, &used.passkey, now)?;
                    self.begin_session(tx, &record.account, "passkey", client, before, now)
                }),
                Err((account, why)) => {
                    let account = account.as_ref().map(Account::as_str);
                    self.log_failed(account, "passkey", why, client, now)?;
                    Err(Error::SignIn)
                }
            }
        })?;
        self.forget_cached();
        Ok(session)
    }

    /// The account of a passkey, and the passkey with its counters as they are now.
    fn by_passkey(
        &self,
        begun: Option<Ceremony>,
        credential: &PublicKeyCredential,
    ) -> std::result::Result<(AccountRecord, PasskeyRecord), (Option<Account>, &'static str)> {
        let webauthn = self.webauthn().map_err(|_| (None, "no passkeys here"))?;
        let begun = begun.ok_or((None, "no such sign-in was begun"))?;
        let found = self.store.read(|connection| owner(connection, credential));
        let found = found.map_err(|_| (None, "the accounts cannot be read"))?;
        let Some((record, mut known)) = found else { return Err((None, "no such passkey")) };
        let wrong = |why| Err((Some(record.account.clone()), why));
        let result = match begun {
            Ceremony::Named { state } => webauthn.finish_passkey_authentication(credential, &state),
            Ceremony::Discoverable { state } => {
                let said = webauthn.identify_discoverable_authentication(credential);
                match said {
                    Ok((handle, _)) if *handle.as_bytes() == record.handle => webauthn
                        .finish_discoverable_authentication_v2(credential, *state, &known.passkey),
                    _ => return wrong("it says that it is somebody else's"),
                }
            }
            Ceremony::Hopeless => return wrong("begun for another account"),
            Ceremony::Registration { .. } | Ceremony::Oidc(_) => {
                return wrong("no such sign-in was begun");
            }
        };
        match result {
            Ok(_) if record.disabled => wrong("disabled"),
            Ok(result) if !result.user_verified() => wrong("its user was not verified"),
            Ok(result) => {
                if known.passkey.update_credential(&result).is_none() {
                    return wrong("another passkey answered");
                }
                Ok((record, known))
            }
            Err(error) => {
                tracing::info!("a passkey was not accepted: {error}");
                wrong("it does not answer what was asked")
            }
        }
    }
}

fn json_of(options: &impl Serialize) -> Result<Value> {
    serde_json::to_value(options).map_err(|error| Error::Stored(error.to_string()))
}

/// The same for real credentials and for those that nobody has: no transports, no extensions.
fn asking_for(mut public_key: Value, ids: Vec<Vec<u8>>) -> Value {
    let ids = ids.iter().map(|id| json!({"type": "public-key", "id": URL_SAFE_NO_PAD.encode(id)}));
    public_key["allowCredentials"] = Value::Array(ids.collect());
    if let Some(object) = public_key.as_object_mut() {
        object.remove("extensions");
    }
    public_key
}

/// The account that has the credential which answers.
fn owner(
    connection: &rusqlite::Connection,
    credential: &PublicKeyCredential,
) -> Result<Option<(AccountRecord, PasskeyRecord)>> {
    let Some((account, known)) =
        PasskeyRecord::of_credential(connection, credential.get_credential_id())?
    else {
        return Ok(None);
    };
    Ok(AccountRecord::find(connection, &account)?.map(|record| (record, known)))
}

fn registration_key(session: &Digest32) -> Digest32 {
    let mut key = *session;
    // Apart from the keys of sign-ins, which are digests too.
    key.iter_mut().for_each(|byte| *byte ^= 0x5a);
    key
}

fn sign_in_key(id: &Digest32) -> Digest32 {
    *id
}

fn row(record: &PasskeyRecord) -> PasskeyRow {
    PasskeyRow {
        id: record.id.clone(),
        label: record.label.clone(),
        created: record.created,
        last_used: record.used,
    }
}
