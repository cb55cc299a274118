//! A Dart VM whose ports only remember what was posted to them.

use std::collections::HashMap;
use std::slice;
use std::sync::{Condvar, LazyLock, Mutex};
use std::time::Duration;

use allo_isolate::ffi::{DartCObject, DartCObjectType};
use surrealdartb_bridge::ReplyKind;

/// Longer than any machine needs: what takes longer does not come.
const DEADLINE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy)]
pub(super) struct Message {
    pub(super) id: i64,
    pub(super) kind: i32,
}

type Ports = HashMap<i64, Vec<Message>>;

static PORTS: LazyLock<(Mutex<Ports>, Condvar)> = LazyLock::new(Default::default);

/// `Dart_PostCObject`.
pub(super) unsafe extern "C" fn post(port: i64, message: *mut DartCObject) -> bool {
    // SAFETY: the bridge posts `[id, kind, bytes]`, which lives until this
    // returns. External bytes are the VM's from then on: it reads them, and
    // calls their finalizer once.
    unsafe {
        let array = (*message).value.as_array;
        assert_eq!(array.length, 3);
        let [id, kind, bytes] = [0, 1, 2].map(|index| &**array.values.add(index));
        let (id, kind) = (id.value.as_int64, kind.value.as_int32);
        if bytes.ty == DartCObjectType::DartExternalTypedData {
            let data = bytes.value.as_external_typed_data;
            let text = slice::from_raw_parts(data.data, data.length as usize);
            check(kind, str::from_utf8(text).expect("an answer is UTF-8"));
            (data.callback)(data.data.cast(), data.peer);
        }
        PORTS.0.lock().unwrap().entry(port).or_default().push(Message { id, kind });
    }
    PORTS.1.notify_all();
    true
}

fn check(kind: i32, text: &str) {
    assert!((0..=ReplyKind::Discard as i32).contains(&kind), "{kind}: {text}");
    let has_panicked = kind == ReplyKind::Error as i32 && text.contains(r#""kind":"Panicked""#);
    assert!(!has_panicked || text.contains("provoked by a test"), "{text}");
}

/// Lets all that wait look again.
pub(super) fn wake_all() {
    // Not between a look and the wait that follows it.
    drop(PORTS.0.lock().unwrap());
    PORTS.1.notify_all();
}

/// What was posted to `port`.
pub(super) fn messages(port: i64) -> Vec<Message> {
    PORTS.0.lock().unwrap().get(&port).cloned().unwrap_or_default()
}

/// Waits until what was posted to `port` is what it is waited for.
pub(super) fn wait(port: i64, what: &str, is_done: impl Fn(&[Message]) -> bool) {
    let ports = PORTS.0.lock().unwrap();
    let not_yet = |ports: &mut Ports| !is_done(ports.get(&port).map_or(&[], Vec::as_slice));
    let (_ports, wait) = PORTS.1.wait_timeout_while(ports, DEADLINE, not_yet).unwrap();
    assert!(!wait.timed_out(), "{what} does not come");
}
