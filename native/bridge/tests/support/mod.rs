//! A Dart VM's ports, without a Dart VM.

#![allow(dead_code, missing_docs, unreachable_pub)]

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, Once};
use std::time::{Duration, Instant};

use allo_isolate::ffi::{DartCObject, DartCObjectType};
use surrealdartb_bridge::{Call, NoOutcome, Order, ReplyKind, install_panic_hook, install_post};

/// Long enough for any machine; a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(20);

// What stands for the kind of a failure that the bridge tells itself.
pub const CANCELLED: i32 = 102;
pub const CLOSED: i32 = 103;
pub const PANICKED: i32 = 104;
pub const TIMED_OUT: i32 = 105;
pub const UNKNOWN: i32 = 106;
pub const TOO_MANY: i32 = 107;

/// Tells a failure in a way that [`post`] recognises.
pub fn encode_failure(operation: &str, reason: &NoOutcome) -> Vec<u8> {
    let (code, text) = match reason {
        NoOutcome::Cancelled => (CANCELLED, ""),
        NoOutcome::Closed => (CLOSED, ""),
        NoOutcome::Panicked(text) => (PANICKED, text.as_str()),
        NoOutcome::TimedOut(_) => (TIMED_OUT, ""),
        NoOutcome::GivenUp => (UNKNOWN, ""),
        NoOutcome::TooManyStreams(_) => (TOO_MANY, ""),
    };
    format!("#{code} {operation}: {text}").into_bytes()
}

fn kind_of(kind: i32, bytes: &[u8]) -> i32 {
    let code = bytes.strip_prefix(b"#").filter(|_| kind == ReplyKind::Error as i32);
    code.map_or(kind, |it| std::str::from_utf8(&it[..3]).unwrap().parse().unwrap())
}

pub fn call(id: i64, order: Order) -> Call {
    Call { id, operation: "test", order, timeout: None }
}

pub fn barrier(id: i64) -> Call {
    call(id, Order::Barrier)
}

pub fn concurrent(id: i64) -> Call {
    call(id, Order::Concurrent)
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    pub id: i64,
    pub kind: i32,
    pub bytes: Vec<u8>,
}

impl Message {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }
}

#[derive(Default)]
struct Vm {
    messages: HashMap<i64, Vec<Message>>,
    dead: HashSet<i64>,
}

static VM: LazyLock<(Mutex<Vm>, Condvar)> = LazyLock::new(Default::default);
static NEXT_PORT: AtomicI64 = AtomicI64::new(1);

/// A port of the fake VM.
#[derive(Clone, Copy)]
pub struct FakePort(pub i64);

impl FakePort {
    pub fn open() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            install_panic_hook();
            // SAFETY: `post` behaves as `Dart_PostCObject` does.
            unsafe { install_post(post) }
        });
        Self(NEXT_PORT.fetch_add(1, Ordering::Relaxed))
    }

    /// From now on a post to it fails, as to a port whose isolate is gone.
    pub fn die(self) {
        VM.0.lock().unwrap().dead.insert(self.0);
    }

    pub fn messages(self) -> Vec<Message> {
        VM.0.lock().unwrap().messages.get(&self.0).cloned().unwrap_or_default()
    }

    /// Waits until `count` messages have come, and returns them.
    pub fn wait_for(self, count: usize) -> Vec<Message> {
        let deadline = Instant::now() + DEADLINE;
        let mut vm = VM.0.lock().unwrap();
        loop {
            let seen = vm.messages.get(&self.0).map_or(0, Vec::len);
            if seen >= count {
                return vm.messages[&self.0].clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{seen} of {count} messages came");
            vm = VM.1.wait_timeout(vm, left).unwrap().0;
        }
    }

    /// The message that answers `id`.
    pub fn answer_to(self, id: i64) -> Message {
        let deadline = Instant::now() + DEADLINE;
        let mut vm = VM.0.lock().unwrap();
        loop {
            let messages = vm.messages.get(&self.0);
            if let Some(found) = messages.and_then(|all| all.iter().find(|m| m.id == id)) {
                return found.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no answer to {id}");
            vm = VM.1.wait_timeout(vm, left).unwrap().0;
        }
    }
}

unsafe extern "C" fn post(port: i64, message: *mut DartCObject) -> bool {
    // SAFETY: the bridge posts `[id, kind, bytes]`.
    let (id, kind, bytes) = unsafe {
        let message = &*message;
        assert_eq!(message.ty, DartCObjectType::DartArray);
        let array = message.value.as_array;
        assert_eq!(array.length, 3);
        let element = |index: usize| &**array.values.add(index);
        (element(0).value.as_int64, element(1).value.as_int32, element(2))
    };
    let mut vm = VM.0.lock().unwrap();
    if vm.dead.contains(&port) {
        return false;
    }
    let bytes = match bytes.ty {
        DartCObjectType::DartExternalTypedData => unsafe {
            // SAFETY: the VM owns what it has accepted: it reads it, and
            // calls the finalizer once.
            let data = bytes.value.as_external_typed_data;
            let copy = std::slice::from_raw_parts(data.data, data.length as usize).to_vec();
            (data.callback)(data.data.cast(), data.peer);
            copy
        },
        DartCObjectType::DartTypedData => Vec::new(),
        other => panic!("bytes arrived as {other:?}"),
    };
    let kind = kind_of(kind, &bytes);
    vm.messages.entry(port).or_default().push(Message { id, kind, bytes });
    VM.1.notify_all();
    true
}
