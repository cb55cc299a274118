//! What the entries of the ABI have in common: unpacking what Dart hands in,
//! and turning refusals into integers.

use std::ffi::c_void;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use surrealdartb_bridge::{
    Handle, Limits, PostFn, Refusal, Status, guard, install_panic_hook, install_post,
    set_last_error, start_threads,
};
use surrealdartb_engine::{Asked, ConnectOptions, Operation, Request, Scope, scopes};

/// Goes up with every change that an older Dart side would misread. Mirrored
/// in `lib/src/ffi/native_types.dart`.
const ABI_VERSION: i32 = 9;

static INITIALISED: AtomicBool = AtomicBool::new(false);

type Accepted = Result<(), Refusal>;

/// Runs an entry's body. Refusals and panics become the thread's last error.
pub(crate) fn accept(body: impl FnOnce() -> Accepted) -> i32 {
    let refusal = match guard(body) {
        Ok(Ok(())) => return Status::Accepted as i32,
        Ok(Err(refusal)) => refusal,
        Err(panic) => Refusal::new(Status::Panicked, panic.to_string()),
    };
    set_last_error(&refusal.message);
    refusal.status as i32
}

/// # Safety
///
/// As for [`crate::surrealdartb_init`].
pub(crate) unsafe fn init(post: Option<PostFn>, abi_version: i32) -> Accepted {
    let post = post.ok_or_else(|| null("the function that posts"))?;
    if abi_version != ABI_VERSION {
        return Err(Refusal::new(
            Status::NotInitialised,
            format!(
                "the native library speaks version {ABI_VERSION} of its interface, and the Dart \
                 side version {abi_version}: build them from the same source"
            ),
        ));
    }
    install_panic_hook();
    // SAFETY: the caller promises that `post` is the VM's.
    unsafe { install_post(post) };
    INITIALISED.store(true, Ordering::Release);
    Ok(())
}

/// # Safety
///
/// As for [`crate::surrealdartb_db_new`].
pub(crate) unsafe fn new_database(
    port: i64,
    max_in_flight: u32,
    max_streams: u32,
    handle: *mut i64,
    token: *mut *mut c_void,
) -> Accepted {
    if !INITIALISED.load(Ordering::Acquire) {
        return Err(Refusal::new(Status::NotInitialised, "surrealdartb_init comes first"));
    }
    if handle.is_null() || token.is_null() {
        return Err(null("the place for the handle or the token"));
    }
    start_threads()?;
    let limits = Limits {
        max_in_flight: max_in_flight.max(1) as usize,
        max_streams: max_streams as usize,
        ..Limits::default()
    };
    let new = scopes::open(port, limits);
    // SAFETY: not null, and the caller promises that they can be written to.
    unsafe {
        handle.write(new.as_raw());
        token.write(Box::into_raw(Box::new(new)).cast());
    }
    Ok(())
}

/// # Safety
///
/// As for [`crate::surrealdartb_db_abandon`].
pub(crate) unsafe fn forget(token: *mut c_void) -> Accepted {
    if token.is_null() {
        return Ok(());
    }
    // SAFETY: the caller promises that `new_database` made it, and that this
    // is its only end.
    scopes::abandon(unsafe { *Box::from_raw(token.cast::<Handle>()) });
    Ok(())
}

/// # Safety
///
/// As for [`crate::surrealdartb_db_counts`].
pub(crate) unsafe fn write_counts(handle: i64, counts: *mut i64) -> Accepted {
    if counts.is_null() {
        return Err(null("the place for the counts"));
    }
    let now = scope(handle)?.counts();
    let numbers = [now.unanswered, now.in_flight, now.most_in_flight].map(|it| it as i64);
    // SAFETY: not null, and the caller promises that it can be written to.
    unsafe { counts.cast::<[i64; 3]>().write_unaligned(numbers) };
    Ok(())
}

pub(crate) fn request(id: i64, timeout: i64) -> Request {
    let timeout = u64::try_from(timeout).ok().filter(|it| *it > 0).map(Duration::from_micros);
    Request { id, timeout }
}

pub(crate) fn scope(handle: i64) -> Result<Arc<Scope>, Refusal> {
    let handle = Handle::from_raw(handle);
    scopes::find(handle).ok_or_else(|| {
        Refusal::new(Status::InvalidHandle, format!("{handle} is not the handle of a session"))
    })
}

/// The operation with this number.
pub(crate) fn operation(number: i32) -> Result<Operation, Refusal> {
    Operation::numbered(number).ok_or_else(|| {
        let message = format!("{number} is not the number of an operation");
        Refusal::new(Status::InvalidBytes, message)
    })
}

/// Hands `operation` over to the session `handle`.
///
/// # Safety
///
/// `arguments` points to `length` readable bytes.
pub(crate) unsafe fn ask(
    operation: Operation,
    handle: i64,
    request: Request,
    arguments: *const u8,
    length: usize,
) -> Accepted {
    // SAFETY: the caller promises it.
    let arguments = unsafe { bytes(arguments, length) }?;
    let asked = Asked { handle: Handle::from_raw(handle), request, arguments };
    operation.ask(&scope(handle)?, asked)
}

/// Copies bytes that Dart owns.
///
/// # Safety
///
/// `pointer` is null, or points to `length` readable bytes.
pub(crate) unsafe fn bytes(pointer: *const u8, length: usize) -> Result<Vec<u8>, Refusal> {
    if length == 0 {
        return Ok(Vec::new());
    }
    if pointer.is_null() {
        return Err(null("a pointer to bytes"));
    }
    // SAFETY: not null, and the caller promises the rest.
    Ok(unsafe { slice::from_raw_parts(pointer, length) }.to_vec())
}

/// Copies text that Dart owns.
///
/// # Safety
///
/// `pointer` is null, or points to `length` readable bytes.
pub(crate) unsafe fn text(pointer: *const u8, length: usize) -> Result<String, Refusal> {
    // SAFETY: the caller promises it.
    String::from_utf8(unsafe { bytes(pointer, length) }?).map_err(|error| {
        Refusal::new(Status::InvalidBytes, format!("the text is not UTF-8: {error}"))
    })
}

pub(crate) fn connect_options(json: &[u8]) -> Result<ConnectOptions, Refusal> {
    ConnectOptions::from_json(json)
        .map_err(|reason| Refusal::new(Status::InvalidBytes, format!("the options: {reason}")))
}

fn null(what: &str) -> Refusal {
    Refusal::new(Status::NullPointer, format!("{what} is null"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::*;
    use std::ffi::CStr;

    unsafe extern "C" fn post_nowhere(
        _port: i64,
        _message: *mut allo_isolate::ffi::DartCObject,
    ) -> bool {
        false
    }

    fn last_error() -> String {
        let text = surrealdartb_get_last_error();
        assert!(!text.is_null());
        // SAFETY: it was handed out just now, and is given back once.
        unsafe {
            let copy = CStr::from_ptr(text).to_str().unwrap().to_owned();
            surrealdartb_free_error_string(text);
            copy
        }
    }

    fn new_handle() -> (i64, *mut c_void) {
        let (mut handle, mut token) = (0, std::ptr::null_mut());
        // SAFETY: both places can be written to; the port posts nowhere.
        unsafe {
            assert_eq!(surrealdartb_init(Some(post_nowhere), ABI_VERSION), 0);
            assert_eq!(surrealdartb_db_new(1, 1, 1, &mut handle, &mut token), 0);
        }
        (handle, token)
    }

    #[test]
    fn another_version_of_the_abi_is_refused() {
        // SAFETY: the function posts nowhere.
        let status = unsafe { surrealdartb_init(Some(post_nowhere), ABI_VERSION + 1) };
        assert_eq!(status, Status::NotInitialised as i32);
        assert!(last_error().contains("same source"));
    }

    #[test]
    fn null_pointers_are_refused() {
        let (handle, token) = new_handle();
        // SAFETY: null is allowed everywhere; the token is given back once.
        unsafe {
            assert_eq!(surrealdartb_init(None, ABI_VERSION), Status::NullPointer as i32);
            let status = surrealdartb_db_new(1, 1, 1, std::ptr::null_mut(), std::ptr::null_mut());
            assert_eq!(status, Status::NullPointer as i32);
            let status = surrealdartb_db_use_ns(handle, 1, std::ptr::null(), 4);
            assert_eq!(status, Status::NullPointer as i32);
            assert_eq!(last_error(), "a pointer to bytes is null");
            surrealdartb_free_error_string(std::ptr::null_mut());
            surrealdartb_db_abandon(std::ptr::null_mut());
            surrealdartb_db_abandon(token);
        }
    }

    #[test]
    fn a_stale_handle_is_refused_by_every_entry() {
        let (handle, token) = new_handle();
        // SAFETY: the token is given back once; the bytes are readable.
        unsafe { surrealdartb_db_abandon(token) };
        let (p, n) = (b"x".as_ptr(), 1);
        let mut counts = [0; 3];
        for handle in [handle, 0, -1, i64::MAX] {
            // SAFETY: as above.
            let statuses = unsafe {
                [
                    surrealdartb_db_connect(handle, 1, b"{}".as_ptr(), 2),
                    surrealdartb_db_use_ns(handle, 1, p, n),
                    surrealdartb_db_use_db(handle, 1, p, n),
                    surrealdartb_db_query(handle, 1, 0, p, n, p, n),
                    surrealdartb_db_call(handle, 1, 0, 0, p, n),
                    surrealdartb_db_select(handle, 1, 0, p, n),
                    surrealdartb_db_create(handle, 1, 0, p, n),
                    surrealdartb_db_update(handle, 1, 0, p, n),
                    surrealdartb_db_delete(handle, 1, 0, p, n),
                    surrealdartb_db_close(handle, 1),
                    surrealdartb_db_holders(handle, 1),
                    surrealdartb_db_wait_for_release(handle, 1, handle),
                    surrealdartb_db_cancel(handle, 1),
                    surrealdartb_db_counts(handle, counts.as_mut_ptr()),
                    surrealdartb_db_stream(handle, 1, 0, p, n, p, n),
                    surrealdartb_grant(handle, 1, 1),
                    surrealdartb_feed(handle, 1, p, n, 1),
                ]
            };
            assert_eq!(statuses, [Status::InvalidHandle as i32; 17]);
            assert!(last_error().contains("not the handle of a session"));
        }
    }

    #[test]
    fn a_number_of_no_operation_is_refused() {
        let (handle, token) = new_handle();
        for number in [-1, i32::MAX] {
            // SAFETY: the bytes are readable.
            let status = unsafe { surrealdartb_db_call(handle, 1, 0, number, b"{}".as_ptr(), 2) };
            assert_eq!(status, Status::InvalidBytes as i32);
            assert_eq!(last_error(), format!("{number} is not the number of an operation"));
        }
        // SAFETY: the token is given back once.
        unsafe { surrealdartb_db_abandon(token) };
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        let (handle, token) = new_handle();
        // SAFETY: the bytes are readable; the token is given back once.
        unsafe {
            let status = surrealdartb_db_use_ns(handle, 1, b"\xff".as_ptr(), 1);
            assert_eq!(status, Status::InvalidBytes as i32);
            surrealdartb_db_abandon(token);
        }
    }

    #[test]
    fn a_panic_does_not_cross() {
        install_panic_hook();
        assert_eq!(accept(|| panic!("inside")), Status::Panicked as i32);
        assert!(last_error().starts_with("inside (at native/src/abi.rs:"));
    }
}
