//! What the operations have made, and what they may be answered.

use std::collections::{BTreeMap, HashMap};
use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use std::time::{Duration, Instant};

use fastrand::Rng;
use surrealdartb_bridge::Status;

use super::vm::{self, Message};
use crate::*;

/// How many databases are open at once; an older one is closed or abandoned.
const OPEN: usize = 8;

/// What was made and what was accepted.
#[derive(Default)]
pub(super) struct World {
    databases: RwLock<Vec<Arc<Db>>>,
    statuses: Mutex<BTreeMap<i32, u32>>,
    longest: Mutex<Duration>,
}

#[derive(Default)]
struct Db {
    handle: i64,
    port: i64,
    /// Whoever takes it abandons the database.
    token: Mutex<Option<Token>>,
    /// True before the first attempt to close or abandon it.
    is_ending: AtomicBool,
    /// True once a close was accepted.
    is_closed: AtomicBool,
    /// True once it is abandoned.
    is_gone: AtomicBool,
    accepted: Mutex<HashMap<i64, Kind>>,
    /// How many messages its port had when it was abandoned.
    last_words: OnceLock<usize>,
}

struct Token(*mut c_void);

// SAFETY: any thread may give a token back.
unsafe impl Send for Token {}

/// What an entry does with its call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// It goes through the queue.
    Queued,
    /// It is answered beside the queue.
    Aside,
    /// The same, on a database that is closing or closed by then.
    LateAside,
    Close,
    /// It has no answer.
    Silent,
}

impl Kind {
    fn has_answer(self) -> bool {
        self != Self::Silent
    }
}

/// A handle, and whose it is.
pub(super) struct Target {
    pub(super) handle: i64,
    db: Option<Arc<Db>>,
    /// Whether a call is waited for. If all were, they would only follow each
    /// other, and if none were, they would only pile up.
    is_patient: bool,
}

impl Target {
    fn nobody(handle: i64) -> Self {
        Self { handle, db: None, is_patient: false }
    }

    fn of(db: &Arc<Db>) -> Self {
        Self { handle: db.handle, db: Some(Arc::clone(db)), is_patient: false }
    }
}

impl World {
    /// A handle that is most likely valid, or was, or never was.
    pub(super) fn target(&self, rng: &mut Rng) -> Target {
        let databases = self.databases.read().unwrap();
        let Some(newest) = databases.last() else { return Target::nobody(0) };
        match rng.u8(..20) {
            // No slot is used for the first time with generation 0, nor as
            // often as to reach the last of these.
            0 => Target::nobody(rng.u32(..).into()),
            1 => Target::nobody(rng.i64(..0)),
            2 => Target::nobody(newest.handle | 1 << 61),
            kind => {
                let from = if kind == 3 { 0 } else { databases.len().saturating_sub(OPEN) };
                let db = &databases[rng.usize(from..databases.len())];
                Target { is_patient: rng.u8(..8) == 0, ..Target::of(db) }
            }
        }
    }

    pub(super) fn open(&self, max_in_flight: u32) -> Target {
        let (port, mut handle, mut token) = (next_id(), 0, null_mut());
        // SAFETY: both places can be written to.
        let status =
            unsafe { surrealdartb_db_new(port, max_in_flight, 2, &mut handle, &mut token) };
        assert_eq!(self.status(status), Status::Accepted);
        let token = Mutex::new(Some(Token(token)));
        let db = Arc::new(Db { handle, port, token, ..Db::default() });
        self.databases.write().unwrap().push(Arc::clone(&db));
        Target::of(&db)
    }

    pub(super) fn end_an_older_one(&self, rng: &mut Rng) {
        let databases = self.databases.read().unwrap();
        let Some(index) = databases.len().checked_sub(OPEN + 1) else { return };
        let at = Target::of(&databases[index]);
        drop(databases);
        if rng.bool() { self.abandon(&at) } else { self.close(&at) }
    }

    pub(super) fn close(&self, at: &Target) {
        if let Some(db) = &at.db {
            db.end();
        }
        self.call(at, Kind::Close, true, |handle, id| surrealdartb_db_close(handle, id));
    }

    pub(super) fn abandon(&self, at: &Target) {
        let Some(db) = &at.db else { return };
        let Some(Token(token)) = db.token.lock().unwrap().take() else { return };
        db.end();
        // SAFETY: it was given out with the handle, and is taken once.
        unsafe { surrealdartb_db_abandon(token) };
        db.last_words.set(vm::messages(db.port).len()).unwrap();
        db.is_gone.store(true, Ordering::SeqCst);
    }

    /// Calls an entry and judges what it returns. A call is `sound` when an
    /// open database has to accept it.
    pub(super) fn call(
        &self,
        at: &Target,
        kind: Kind,
        sound: bool,
        entry: impl FnOnce(i64, i64) -> i32,
    ) {
        let Target { handle, db, .. } = at;
        let is = |flag: fn(&Db) -> &AtomicBool| {
            db.as_ref().is_some_and(|it| flag(it).load(Ordering::SeqCst))
        };
        let was_gone = db.is_none() || is(|it| &it.is_gone);
        let was_closed = is(|it| &it.is_closed);
        let (id, begin) = (next_id(), Instant::now());
        let status = self.status(entry(*handle, id));
        let mut longest = self.longest.lock().unwrap();
        *longest = begin.elapsed().max(*longest);
        drop(longest);
        let is_ending = is(|it| &it.is_ending);
        let takes_turns = matches!(kind, Kind::Queued | Kind::Close);
        match status {
            Status::Accepted => {
                assert!(sound, "accepted with unsound arguments");
                assert!(!was_gone, "accepted with the handle {handle}");
                assert!(!was_closed || !takes_turns, "accepted after a close");
                let db = db.as_ref().unwrap();
                if kind == Kind::Close {
                    db.is_closed.store(true, Ordering::SeqCst);
                }
                let late = kind == Kind::Aside && is_ending;
                let kind = if late { Kind::LateAside } else { kind };
                assert_eq!(db.accepted.lock().unwrap().insert(id, kind), None);
                if at.is_patient && kind == Kind::Queued {
                    db.wait_for(id);
                }
            }
            Status::NullPointer | Status::InvalidBytes => assert!(!sound, "{status:?}"),
            Status::InvalidHandle => assert!(was_gone || is_ending, "an open one is invalid"),
            Status::Closed => assert!(is_ending && kind != Kind::Silent, "{kind:?} on an open one"),
            Status::NotInitialised | Status::Panicked | Status::NoThreads => panic!("{status:?}"),
        }
    }

    /// The status of an entry on this thread. A refusal has left its text.
    pub(super) fn status(&self, status: i32) -> Status {
        *self.statuses.lock().unwrap().entry(status).or_default() += 1;
        if status != 0 {
            let text = surrealdartb_get_last_error();
            assert!(!text.is_null(), "{status} came without a text");
            // SAFETY: it was handed out just now, and is given back once.
            unsafe {
                assert!(!CStr::from_ptr(text).to_str().unwrap().is_empty());
                surrealdartb_free_error_string(text);
            }
            assert!(surrealdartb_get_last_error().is_null(), "the text was handed out twice");
        }
        use Status::{
            Accepted, Closed, InvalidBytes, InvalidHandle, NotInitialised, NullPointer, Panicked,
        };
        [Accepted, NullPointer, InvalidBytes, InvalidHandle, Closed, NotInitialised, Panicked]
            .into_iter()
            .find(|it| *it as i32 == status)
            .unwrap_or_else(|| panic!("{status} is no status"))
    }

    /// Ends what is not ended, and waits until all has let go of its store.
    pub(super) fn end(&self) {
        let databases = self.databases.read().unwrap().clone();
        for db in &databases {
            if db.is_closed.load(Ordering::SeqCst) && db.token.lock().unwrap().is_some() {
                vm::wait(db.port, "a close", |messages| db.close_among(messages).is_some());
                // Then what was asked aside while it closed.
                let all = db.accepted.lock().unwrap().values().filter(|it| it.has_answer()).count();
                vm::wait(db.port, "late answers", |messages| messages.len() == all);
            }
            self.abandon(&Target::of(db));
        }
        let at = self.open(1);
        let port = at.db.as_ref().unwrap().port;
        for db in &databases {
            self.call(&at, Kind::Aside, true, |handle, id| {
                surrealdartb_db_wait_for_release(handle, id, db.handle)
            });
        }
        vm::wait(port, "a release", |messages| messages.len() == databases.len());
        self.close(&at);
        vm::wait(port, "the last close", |messages| messages.len() == databases.len() + 1);
        self.abandon(&at);
    }

    /// Checks that each database has answered as it has to.
    pub(super) fn check(&self) {
        let databases = self.databases.read().unwrap();
        let mut figures = BTreeMap::<String, usize>::new();
        let mut count = |figure: String| *figures.entry(figure).or_default() += 1;
        for db in databases.iter() {
            let messages = vm::messages(db.port);
            let closing = db.close_among(&messages);
            let accepted = db.accepted.lock().unwrap();
            let mut places = HashMap::new();
            for (place, message) in messages.iter().enumerate() {
                assert!(accepted.contains_key(&message.id), "an answer to nothing");
                assert_eq!(places.insert(message.id, place), None, "answered twice");
                count(format!("answers of kind {}", message.kind));
            }
            assert_eq!(db.last_words.get(), Some(&messages.len()), "posted to the dead");
            let Some(close) = closing else {
                count("databases abandoned".into());
                continue;
            };
            count("databases closed".into());
            for (id, kind) in accepted.iter() {
                match (kind, places.get(id)) {
                    (Kind::Queued | Kind::Aside, place) => {
                        assert!(place.is_some_and(|it| *it < close), "{kind:?} has no answer");
                    }
                    (Kind::LateAside, None) => count("late asides, and abandoned then".into()),
                    _ => {}
                }
            }
        }
        println!("longest call of an entry: {:?}", self.longest.lock().unwrap());
        println!("statuses: {:?}", self.statuses.lock().unwrap());
        println!("{figures:#?}");
    }
}

impl Db {
    /// Says that its end begins, also to those who wait for an answer.
    fn end(&self) {
        self.is_ending.store(true, Ordering::SeqCst);
        vm::wake_all();
    }

    /// Waits until the call `id` is answered, or the end has begun.
    fn wait_for(&self, id: i64) {
        vm::wait(self.port, "an answer", |messages| {
            self.is_ending.load(Ordering::SeqCst) || messages.iter().any(|it| it.id == id)
        });
    }

    /// The place of its close's answer.
    fn close_among(&self, messages: &[Message]) -> Option<usize> {
        let accepted = self.accepted.lock().unwrap();
        messages.iter().position(|it| accepted.get(&it.id) == Some(&Kind::Close))
    }
}

static NEXT_ID: AtomicI64 = AtomicI64::new(1);

/// A number that no other call has, and no other port.
fn next_id() -> i64 {
    spread(NEXT_ID.fetch_add(1, Ordering::Relaxed))
}

/// An id that was given out already.
pub(super) fn any_id(rng: &mut Rng) -> i64 {
    spread(rng.i64(0..NEXT_ID.load(Ordering::Relaxed)))
}

/// Another number for each: with an odd factor none is lost.
fn spread(id: i64) -> i64 {
    id.wrapping_mul(0x1e37_79b9_7f4a_7c15)
}
