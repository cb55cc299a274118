//! Who a session acts as.

use surrealdb::types::{AuthError, Error, Variables};
use surrealdb_core::dbs::Session;
use surrealdb_core::iam::clear::clear;
use surrealdb_rpc::Token;

use crate::failure::Failure;
use crate::{BoxFuture, Store};

/// What shows later who somebody is. Both are secrets.
pub struct Tokens {
    /// Lets a session act as its owner, until it expires.
    pub access: String,
    /// Is exchanged for new tokens, once.
    pub refresh: Option<String>,
}

/// Each gives the session that `session` becomes.
impl Store {
    /// Lets `session` act as whom `credentials` name: `NS`, `DB`, `AC`, `user`, `pass`, `key`,
    /// or the parameters of an access.
    pub fn sign_in(
        &self,
        mut session: Session,
        credentials: Variables,
    ) -> BoxFuture<'_, Result<(Session, Tokens), Failure>> {
        Box::pin(async move {
            let tokens = self.engine().sign_in(&mut session, credentials).await;
            signed(session, tokens)
        })
    }

    /// Makes a user of an access, and lets `session` act as that one.
    pub fn sign_up(
        &self,
        mut session: Session,
        credentials: Variables,
    ) -> BoxFuture<'_, Result<(Session, Tokens), Failure>> {
        Box::pin(async move {
            let tokens = self.engine().sign_up(&mut session, credentials).await;
            signed(session, tokens)
        })
    }

    /// Lets `session` act as whom `access_token` was given to.
    pub fn authenticate(
        &self,
        mut session: Session,
        access_token: String,
    ) -> BoxFuture<'_, Result<Session, Failure>> {
        Box::pin(async move {
            let authenticated = self.engine().authenticate(&mut session, &access_token).await;
            authenticated.map_err(Failure::of_auth)?;
            Ok(session)
        })
    }

    /// Exchanges `tokens` for new ones, and lets `session` act as whom they were given to.
    pub fn refresh(
        &self,
        mut session: Session,
        tokens: Tokens,
    ) -> BoxFuture<'_, Result<(Session, Tokens), Failure>> {
        Box::pin(async move {
            let tokens = self.engine().refresh(&mut session, tokens.into()).await;
            signed(session, tokens)
        })
    }

    /// Makes the refresh token of `tokens` void.
    pub fn revoke(&self, tokens: Tokens) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move { self.engine().revoke(tokens.into()).await.map_err(Failure::of_auth) })
    }
}

/// What signing in comes to: what `session` became, and its tokens.
fn signed(session: Session, tokens: anyhow::Result<Token>) -> Result<(Session, Tokens), Failure> {
    Ok((session, tokens.map_err(Failure::of_auth)?.into()))
}

/// `session` as nobody, in the same namespace and database.
///
/// # Errors
///
/// None, as the engine (3.3.5) is.
pub fn invalidated(mut session: Session) -> Result<Session, Failure> {
    clear(&mut session)?;
    // Nobody's session does not expire: it would refuse to be anybody's again.
    session.exp = None;
    Ok(session)
}

impl From<Token> for Tokens {
    fn from(token: Token) -> Self {
        match token {
            Token::Access(access) => Self { access, refresh: None },
            Token::WithRefresh { access, refresh } => Self { access, refresh: Some(refresh) },
        }
    }
}

impl From<Tokens> for Token {
    fn from(Tokens { access, refresh }: Tokens) -> Self {
        match refresh {
            Some(refresh) => Self::WithRefresh { access, refresh },
            None => Self::Access(access),
        }
    }
}

impl Failure {
    /// The permissions of `table` do not let `actor` do `action` with it.
    pub fn not_permitted(actor: &str, action: &str, table: &str) -> Self {
        let who = if actor.is_empty() { "whoever has not signed in" } else { actor };
        let message =
            format!("the permissions of the table `{table}` do not let {who} {action} it");
        let details = AuthError::NotAllowed {
            actor: actor.to_owned(),
            action: action.to_owned(),
            resource: table.to_owned(),
        };
        Error::not_allowed(message, details).into()
    }

    /// What was watched ended with whom the session acted as.
    pub fn another_principal() -> Self {
        let message = "the watched query has ended: its session acts as somebody else now. Watch \
                       again, as whoever that is";
        let details = AuthError::NotAllowed {
            actor: String::new(),
            action: "watch".to_owned(),
            resource: "the query of somebody else".to_owned(),
        };
        Error::not_allowed(message.to_owned(), details).into()
    }

    /// Why somebody could not show who they are. The engine says some of it in words alone,
    /// which are all its own, or as something else.
    fn of_auth(error: anyhow::Error) -> Self {
        let error: Error = surrealdb_core::err::anyhow_to_types_error(error);
        let reason = match error.message() {
            // Of a SIGNIN or SIGNUP clause.
            "No record was returned" => "NoRecord",
            "The record access signup query failed" | "The record access signin query failed" => {
                "AccessQueryFailed"
            }
            "This record access method does not allow signup"
            | "This record access method does not allow signin"
            | "The access method cannot be used in the requested operation"
            | "This bearer access method requires a key to be provided" => "AccessUnsuitable",
            "This bearer access grant has an invalid format" => "InvalidAuth",
            "The access method does not exist" => "AccessNotFound",
            "This access method has an invalid duration"
            | "This access method results in an invalid expiration" => "AccessInvalidDuration",
            _ => return error.into(),
        };
        Self::from(error).not_authenticated(reason)
    }
}
