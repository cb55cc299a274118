//! What the engine in this process, and the files beneath it, say of what went wrong.

use std::fmt::Display;
use std::path::Path;

use surrealdartb_datastore::{Cause, DiskFailure, Effect};
use surrealdartb_files::{Damage, Refusal};
use surrealdb_core::err::anyhow_to_types_error;
use surrealdb_types::{ConnectionError, Error, Object, SurrealValue, Value};

use super::{AFTER_DAMAGE, Failure};

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        anyhow_to_types_error(error).into()
    }
}

impl Failure {
    /// The disk of the store failed.
    pub(crate) fn of_disk(failure: &DiskFailure) -> Self {
        let detail = match (failure.effect(), failure.cause()) {
            (Effect::Unknown, _) => "OutcomeUnknown",
            (Effect::None, Cause::Full) => "StoreFull",
            (Effect::None, Cause::Failed) => "StoreFailed",
            (Effect::None, Cause::Lost) => "StoreLost",
        };
        // Not read for a meaning: the path of the store is in it.
        let Value::Object(fields) = Error::internal(failure.message()).into_value() else {
            unreachable!("an error is an object with its fields")
        };
        Self { fields, cancelled: false, conflict: false, locked: false }.with_detail(detail)
    }

    /// What `message` says, if it is the disk's.
    pub(super) fn told_by_disk(message: &str) -> Option<Self> {
        DiskFailure::read(message).map(|it| Self::of_disk(&it))
    }

    /// The store in `folder` must not be opened.
    pub(crate) fn refused(folder: &Path, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Damaged(damage) => Self::damaged(folder, &damage),
            Refusal::Unreadable(path, error) => Self::open(
                &folder.to_string_lossy(),
                format!("{} cannot be read: {error}", path.display()),
            ),
        }
    }

    fn damaged(folder: &Path, damage: &Damage) -> Self {
        let message = format!(
            "the store in {} is damaged: {damage}. It was not opened, and nothing in the folder \
             was changed. {AFTER_DAMAGE}",
            folder.display()
        );
        Self::corrupted(message, Some(&folder.to_string_lossy()), Some(&damage.file))
    }

    /// What can be read of a store could not be copied.
    pub(crate) fn unsalvaged(path: &Path, reason: impl Display) -> Self {
        let message = format!("{}: {reason}", path.display());
        Error::connection(message, ConnectionError::ConnectionFailed).into()
    }

    /// The failure as one of showing who somebody is, in the engine's form.
    pub(crate) fn not_authenticated(mut self, reason: &str) -> Self {
        let (mut of_auth, mut details) = (Object::new(), Object::new());
        of_auth.insert("kind", reason.to_owned());
        details.insert("kind", "Auth".to_owned());
        details.insert("details", Value::Object(of_auth));
        self.fields.insert("kind", "NotAllowed".to_owned());
        self.fields.insert("details", Value::Object(details));
        self
    }
}
