//! Who a session acts as.

use anyhow::Result;
use surrealdb::types::Variables;
use surrealdb_core::dbs::Session;
use surrealdb_core::iam::{signin, signup, token, verify};
use surrealdb_rpc::Token;

use crate::{BoxFuture, Engine};

/// Each changes `session` only when it succeeds; what is left of a `session` for which it has
/// failed is not to be used.
impl Engine {
    /// Lets `session` act as whom `credentials` name: `NS`, `DB`, `AC`, `user`, `pass`, `key`,
    /// or the parameters of an access.
    pub fn sign_in<'a>(
        &'a self,
        session: &'a mut Session,
        credentials: Variables,
    ) -> BoxFuture<'a, Result<Token>> {
        Box::pin(signin::signin(self.datastore(), session, credentials))
    }

    /// Makes a user of an access, and lets `session` act as that one.
    pub fn sign_up<'a>(
        &'a self,
        session: &'a mut Session,
        credentials: Variables,
    ) -> BoxFuture<'a, Result<Token>> {
        Box::pin(signup::signup(self.datastore(), session, credentials))
    }

    /// Lets `session` act as whom `access_token` was given to.
    pub fn authenticate<'a>(
        &'a self,
        session: &'a mut Session,
        access_token: &'a str,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(verify::token(self.datastore(), session, access_token))
    }

    /// Exchanges `tokens` for new ones, and lets `session` act as whom they were given to.
    pub fn refresh<'a>(
        &'a self,
        session: &'a mut Session,
        tokens: Token,
    ) -> BoxFuture<'a, Result<Token>> {
        Box::pin(token::refresh(tokens, self.datastore(), session))
    }

    /// Makes the refresh token of `tokens` void.
    pub fn revoke(&self, tokens: Token) -> BoxFuture<'_, Result<()>> {
        Box::pin(token::revoke_refresh_token(tokens, self.datastore()))
    }
}
