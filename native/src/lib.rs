//! The C ABI between Dart and the embedded SurrealDB engine.
//!
//! # Contract
//!
//! *At once.* Every entry checks its arguments, hands over, and returns an
//! `i32` at once: zero for accepted, negative for refused (see
//! [`surrealdartb_bridge::Status`]). None waits, and none posts to a port: so
//! they may be leaf calls, except [`surrealdartb_db_new`], which starts the
//! runtime on its first use.
//!
//! *One answer.* An accepted call is answered exactly once on the port of its
//! database, as `[id, kind, bytes]` (see [`surrealdartb_bridge::ReplyKind`]).
//! A refused call is not answered; its text is this thread's last error until
//! the next call.
//!
//! *Bytes.* Text and JSON are a pointer and a length, UTF-8, without a NUL at
//! the end. They are copied before the entry returns. A pointer may be null
//! only with length zero.
//!
//! *Handles.* Dart holds numbers, one for each session of a database: that of the
//! first is the database's. A stale or invented one is refused. The sessions of a
//! database answer on one port, so no two calls of theirs may have the same id.
//!
//! *Panics.* None crosses the ABI: a panic inside an entry is a refusal.

mod abi;
#[cfg(test)]
mod abuse;

use std::ffi::{CString, c_char, c_void};

use surrealdartb_bridge::{Handle, PostFn, Refusal, Status, take_last_error};
use surrealdartb_engine::{Operation, check_expression, scopes};

use abi::{accept, ask, bytes, forget, init, new_database, request, scope, text};

/// Initialises the library for this Dart VM. Every database isolate calls it
/// first; it may be called any number of times.
///
/// `abi_version` is what the Dart side was written for; another one than the
/// library's is refused.
///
/// # Safety
///
/// `post` is the VM's `Dart_PostCObject` (`NativeApi.postCObject`), or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_init(post: Option<PostFn>, abi_version: i32) -> i32 {
    // SAFETY: the caller promises it.
    accept(|| unsafe { init(post, abi_version) })
}

/// The text of this thread's last refused call, or null. It is handed out
/// once, as a C string that [`surrealdartb_free_error_string`] takes back.
#[unsafe(no_mangle)]
pub extern "C" fn surrealdartb_get_last_error() -> *mut c_char {
    take_last_error().map_or(std::ptr::null_mut(), CString::into_raw)
}

/// Frees a text of [`surrealdartb_get_last_error`]. Null is ignored.
///
/// # Safety
///
/// `text` comes from [`surrealdartb_get_last_error`] and is freed once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_free_error_string(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: the caller promises that `into_raw` made it, and that this
        // is its only end.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// Makes a database that answers on `port` and runs `max_in_flight` calls at
/// once, at least one, and `max_streams` streams, of each session; writes its handle and the token of its finalizer.
///
/// The database lives until [`surrealdartb_db_abandon`] takes the token.
///
/// # Safety
///
/// `handle` and `token` are null or point to writable places for them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_new(
    port: i64,
    max_in_flight: u32,
    max_streams: u32,
    handle: *mut i64,
    token: *mut *mut c_void,
) -> i32 {
    // SAFETY: the caller promises it.
    accept(|| unsafe { new_database(port, max_in_flight, max_streams, handle, token) })
}

/// Ends a database whose isolate is gone. A `NativeFinalizer` calls it, on any
/// thread and at any time; it closes the port's gate, lets go of what the
/// database owned in the background, and waits for no task. Null is ignored.
///
/// # Safety
///
/// `token` comes from [`surrealdartb_db_new`] and is given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_abandon(token: *mut c_void) {
    // SAFETY: the caller promises it.
    let _ = accept(|| unsafe { forget(token) });
}

/// Opens the store that `options` name: JSON of
/// [`surrealdartb_engine::ConnectOptions`].
///
/// # Safety
///
/// `options` points to `options_length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_connect(
    handle: i64,
    id: i64,
    options: *const u8,
    options_length: usize,
) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it.
        let options = unsafe { bytes(options, options_length) }?;
        scope(handle)?.connect(id, abi::connect_options(&options)?)
    })
}

/// Selects a namespace.
///
/// # Safety
///
/// `name` points to `name_length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_use_ns(
    handle: i64,
    id: i64,
    name: *const u8,
    name_length: usize,
) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it.
        let name = unsafe { text(name, name_length) }?;
        scope(handle)?.use_namespace(id, name)
    })
}

/// Selects a database of the namespace.
///
/// # Safety
///
/// `name` points to `name_length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_use_db(
    handle: i64,
    id: i64,
    name: *const u8,
    name_length: usize,
) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it.
        let name = unsafe { text(name, name_length) }?;
        scope(handle)?.use_database(id, name)
    })
}

/// Runs SurrealQL with bindings: JSON of an object of names and values.
///
/// `timeout` is how many microseconds the call may take from now on; zero or
/// less is any number.
///
/// # Safety
///
/// `sql` and `bindings` point to as many readable bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_query(
    handle: i64,
    id: i64,
    timeout: i64,
    sql: *const u8,
    sql_length: usize,
    bindings: *const u8,
    bindings_length: usize,
) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it, for both.
        let (sql, bindings) =
            unsafe { (text(sql, sql_length)?, bytes(bindings, bindings_length)?) };
        scope(handle)?.query(request(id, timeout), sql, bindings)
    })
}

/// Streams the rows of one `SELECT`; arguments as for [`surrealdartb_db_query`].
/// They come in parts, arrays of rows, of which a few may come at once, and then one
/// for each that [`surrealdartb_grant`] allows. The answer, an array with the last
/// rows, needs none.
///
/// # Safety
///
/// `sql` and `bindings` point to as many readable bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_stream(
    handle: i64,
    id: i64,
    timeout: i64,
    sql: *const u8,
    sql_length: usize,
    bindings: *const u8,
    bindings_length: usize,
) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it, for both.
        let (sql, bindings) =
            unsafe { (text(sql, sql_length)?, bytes(bindings, bindings_length)?) };
        scope(handle)?.stream(request(id, timeout), sql, bindings)
    })
}

/// Allows the call `call` that many parts more of its answer: long answers of any
/// call come in parts. A call that is answered, or never was, is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn surrealdartb_grant(handle: i64, call: i64, parts: u32) -> i32 {
    accept(|| {
        scope(handle)?.grant(call, parts as usize);
        Ok(())
    })
}

/// Gives the call `call` the next piece of its arguments, or with `is_last` other than
/// zero the last: together they are the arguments of a verb that was called with the text
/// `"pieces"`. It begins in its turn, with the session as it is then, and has an effect
/// only once all has come. A call that is answered, or never was, is ignored.
///
/// # Safety
///
/// `piece` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_feed(
    handle: i64,
    call: i64,
    piece: *const u8,
    length: usize,
    is_last: i32,
) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it.
        let piece = unsafe { bytes(piece, length) }?;
        scope(handle)?.feed(call, piece, is_last != 0);
        Ok(())
    })
}

/// Asks for the operation with the number `operation`, with `arguments`, JSON of an object;
/// see [`Operation`]. `timeout` as for [`surrealdartb_db_query`]; not every operation heeds it.
///
/// # Safety
///
/// `arguments` points to `arguments_length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_call(
    handle: i64,
    id: i64,
    timeout: i64,
    operation: i32,
    arguments: *const u8,
    arguments_length: usize,
) -> i32 {
    // SAFETY: the caller promises it.
    accept(|| unsafe {
        let operation = abi::operation(operation)?;
        ask(operation, handle, request(id, timeout), arguments, arguments_length)
    })
}

/// Checks that `text` is one expression of SurrealQL. It needs no database. When it is not,
/// the refusal's text is the failure: JSON of an object, as calls answer it.
///
/// # Safety
///
/// `text` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_check_expression(text: *const u8, length: usize) -> i32 {
    accept(|| {
        // SAFETY: the caller promises it.
        let text = unsafe { abi::text(text, length) }?;
        check_expression(&text).map_err(|failure| Refusal::new(Status::InvalidBytes, failure))
    })
}

/// Entries for one operation each; the rest as for [`surrealdartb_db_call`].
macro_rules! operations {
    ($($(#[$docs:meta])* $entry:ident: $name:literal;)*) => {$(
        $(#[$docs])*
        ///
        /// # Safety
        ///
        /// `arguments` points to `arguments_length` readable bytes.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $entry(
            handle: i64,
            id: i64,
            timeout: i64,
            arguments: *const u8,
            arguments_length: usize,
        ) -> i32 {
            // SAFETY: the caller promises it.
            accept(|| unsafe {
                let operation = Operation::named($name).expect("the table has it");
                ask(operation, handle, request(id, timeout), arguments, arguments_length)
            })
        }
    )*};
}

operations! {
    /// Reads records.
    surrealdartb_db_select: "select";
    /// Creates a record.
    surrealdartb_db_create: "create";
    /// Replaces content.
    surrealdartb_db_update: "update";
    /// Deletes records.
    surrealdartb_db_delete: "delete";
}

/// Ends the accepted calls and lets go of the store.
#[unsafe(no_mangle)]
pub extern "C" fn surrealdartb_db_close(handle: i64, id: i64) -> i32 {
    accept(|| scope(handle)?.close(id))
}

/// Answers what a close waits for, at once, also while it does; see
/// [`Scope::holders`].
#[unsafe(no_mangle)]
pub extern "C" fn surrealdartb_db_holders(handle: i64, id: i64) -> i32 {
    accept(|| scope(handle)?.holders(id))
}

/// Answers, as a call of the database `handle`, when the database `other` has
/// let go of its store: at once, if it has, or if there never was one.
#[unsafe(no_mangle)]
pub extern "C" fn surrealdartb_db_wait_for_release(handle: i64, id: i64, other: i64) -> i32 {
    accept(|| scope(handle)?.wait_for_release(id, scopes::released(Handle::from_raw(other))))
}

/// Asks the accepted call `call` to end early. It answers how it has ended; a
/// call that is answered, or never was, is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn surrealdartb_db_cancel(handle: i64, call: i64) -> i32 {
    accept(|| {
        scope(handle)?.cancel(call);
        Ok(())
    })
}

/// Writes three counts: the accepted calls that have no answer yet, those of
/// them that run, and the most that have ever run at once.
///
/// # Safety
///
/// `counts` is null or points to a writable place for three numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn surrealdartb_db_counts(handle: i64, counts: *mut i64) -> i32 {
    // SAFETY: the caller promises it.
    accept(|| unsafe { abi::write_counts(handle, counts) })
}
