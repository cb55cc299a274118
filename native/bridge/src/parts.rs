//! What a call's answer is made of, ahead of the answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::call::ReplyKind;
use crate::calls::Credit;
use crate::interrupt::Interrupt;
use crate::shared::Shared;

/// Posts parts of one call's answer while the call runs, each when Dart has granted
/// it. They are no answer: that comes last, says whether the parts count, and is
/// still the only one.
#[derive(Debug)]
pub struct Parts {
    id: i64,
    shared: Arc<Shared>,
    /// Once it was asked for: the call is known when it runs.
    credit: Option<Credit>,
    posted: bool,
}

/// Why a part was not granted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotGranted {
    /// The call is to end.
    Interrupted,
    /// Nobody has granted a part for as long as the call may wait for one.
    Idle,
}

impl Parts {
    pub(crate) fn new(id: i64, shared: Arc<Shared>) -> Self {
        Self { id, shared, credit: None, posted: false }
    }

    /// The same, of a call that begins without credit.
    #[must_use]
    pub fn without_credit(self) -> Self {
        let credit = self.shared.calls.credit_from(self.id, 0);
        Self { credit: Some(credit), ..self }
    }

    /// Completes when Dart has granted the next part. Waits for that for `longest` at
    /// most.
    ///
    /// # Errors
    ///
    /// When the call is to end, or has waited for long enough.
    pub async fn granted(
        &mut self,
        interrupt: &Interrupt,
        longest: Option<Duration>,
    ) -> Result<(), NotGranted> {
        let credit = self.credit.get_or_insert_with(|| self.shared.calls.credit(self.id));
        if let Ok(permit) = credit.try_acquire() {
            permit.forget();
            return Ok(());
        }
        let granted = async {
            match longest {
                Some(longest) => timeout(longest, credit.acquire()).await.ok(),
                None => Some(credit.acquire().await),
            }
        };
        tokio::select! {
            biased;
            () = interrupt.requested() => Err(NotGranted::Interrupted),
            permit = granted => match permit {
                Some(Ok(permit)) => {
                    permit.forget();
                    Ok(())
                }
                _ => Err(NotGranted::Idle),
            },
        }
    }

    /// Posts the next part.
    pub fn post(&mut self, bytes: Vec<u8>) {
        self.posted = true;
        self.shared.post_part(self.id, ReplyKind::Part, bytes);
    }

    /// Takes back what was posted up to now.
    pub fn discard(&mut self) {
        if std::mem::take(&mut self.posted) {
            self.shared.post_part(self.id, ReplyKind::Discard, Vec::new());
        }
    }
}
