//! What the engine has for signing in.

use surrealdb_core::dbs::Session;
use surrealdb_core::iam::clear::clear;
use surrealdb_rpc::Token;

use crate::failure::Failure;
use crate::principal::Tokens;

/// What signing in gives.
pub(super) fn tokens(tokens: anyhow::Result<Token>) -> Result<Tokens, Failure> {
    Ok(tokens.map_err(Failure::of_auth)?.into())
}

/// `session` as nobody, in the same namespace and database.
///
/// # Errors
///
/// None, as the engine (3.3.5) is.
pub(super) fn invalidated(mut session: Session) -> Result<Session, Failure> {
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
    /// Why somebody could not show who they are. The engine says some of it in words alone,
    /// which are all its own, or as something else.
    pub(super) fn of_auth(error: anyhow::Error) -> Self {
        let error = surrealdb_core::err::anyhow_to_types_error(error);
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
