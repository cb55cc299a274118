//! The text of the last refused call of a thread.

use std::cell::RefCell;
use std::ffi::CString;

thread_local! {
    static LAST_ERROR: RefCell<Option<CString>> = const { RefCell::new(None) };
}

/// Keeps `message` until it is taken or replaced. A NUL in it, which a C
/// string cannot hold, becomes U+FFFD.
pub fn set_last_error(message: &str) {
    let text = CString::new(message.replace('\0', "\u{fffd}")).expect("no NUL is left");
    LAST_ERROR.set(Some(text));
}

/// The message of this thread's last refused call, once.
pub fn take_last_error() -> Option<CString> {
    LAST_ERROR.take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_error_is_taken_once() {
        set_last_error("first");
        set_last_error("sec\0nd");
        assert_eq!(take_last_error().unwrap().to_str().unwrap(), "sec\u{fffd}nd");
        assert!(take_last_error().is_none());
    }

    #[test]
    fn another_thread_has_its_own() {
        set_last_error("mine");
        std::thread::spawn(|| assert!(take_last_error().is_none())).join().unwrap();
        assert!(take_last_error().is_some());
    }
}
