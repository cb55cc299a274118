//! Room on the stack for whoever reads a text.

use std::io;
use std::panic::resume_unwind;
use std::thread::{self, Builder};

/// How much of the stack a level of `a.{ a.{ a.{ ...` takes while it is lowered
/// or dropped, at most. It is the one thing that the engine's parser nests
/// without a bound, and a level has a brace.
const BYTES_PER_BRACE: usize = 4 * 1024;

/// How many braces the stack of every thread that reads has room for.
const FEW_BRACES: usize = 250;

/// Calls `reader`, which reads `text`, where the stack has room for it.
///
/// # Errors
///
/// When the system does not give so much.
pub(crate) fn with_room_for<T: Send>(
    text: &str,
    reader: impl FnOnce() -> T + Send,
) -> io::Result<T> {
    let braces = text.bytes().filter(|byte| *byte == b'{').count();
    if braces <= FEW_BRACES {
        return Ok(reader());
    }
    // The system gives a thread the memory of its stack as it is touched.
    thread::scope(|scope| {
        let thread = Builder::new()
            .name("surrealdartb-read".to_owned())
            .stack_size(braces.saturating_mul(BYTES_PER_BRACE))
            .spawn_scoped(scope, reader)?;
        Ok(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
