//! What live and watched queries are told, without an engine.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use surrealdartb_changes::{Commits, End, Hub, Live, Next, Outdated, Watches};
use surrealdartb_lanes::{Footprint, Reads, Table};
use surrealdb_types::{Action, Notification, RecordId, Uuid, Value};

const PERSON: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02*person\0*1";
const OTHER_PERSON: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02*person\0*2";
const INDEX_OF_PERSON: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02*person\0+1";
const ANIMAL: &[u8] = b"/*\0\0\0\x01*\0\0\0\x02*animal\0*1";

fn written(keys: &[&[u8]]) -> Arc<Footprint> {
    let mut footprint = Footprint::default();
    keys.iter().for_each(|key| footprint.write(key));
    Arc::new(footprint)
}

fn told(id: Uuid, action: Action, number: i64) -> Notification {
    let record = Value::RecordId(RecordId::new("person", number));
    Notification::new(id, None, action, record, Value::Number(number.into()))
}

/// What `work` has come to by now.
fn now<T>(work: impl Future<Output = T>) -> Option<T> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn next(live: &Live) -> Option<String> {
    match now(live.next(1000))? {
        Next::Events(json) => Some(String::from_utf8(json).expect("JSON is UTF-8")),
        Next::End(end) => Some(format!("{end:?}")),
    }
}

fn event(action: &str, number: i64) -> String {
    format!(r#"["{action}",{{"$rid":["person",{number}]}},{number}]"#)
}

#[test]
fn events_go_to_their_live_query_in_their_order() {
    let hub = Arc::new(Hub::default());
    let (one, two) = (Uuid::new_v4(), Uuid::new_v4());
    let first = hub.register().open(one, 1000);
    let second = hub.register().open(two, 1000);
    hub.tell(told(one, Action::Create, 1));
    hub.tell(told(two, Action::Update, 2));
    hub.tell(told(one, Action::Delete, 3));
    assert_eq!(next(&first), Some(format!("[{},{}]", event("create", 1), event("delete", 3))));
    assert_eq!(next(&second), Some(format!("[{}]", event("update", 2))));
    assert_eq!(next(&first), None);
    hub.tell(told(one, Action::Killed, 0));
    assert_eq!(next(&first), Some(format!("{:?}", End::Killed)));
}

#[test]
fn what_is_told_before_the_id_is_known_is_kept() {
    let hub = Arc::new(Hub::default());
    let (id, other) = (Uuid::new_v4(), Uuid::new_v4());
    assert!(!hub.listens());
    let registration = hub.register();
    assert!(hub.listens());
    hub.tell(told(id, Action::Create, 1));
    hub.tell(told(other, Action::Create, 2));
    let live = registration.open(id, 1000);
    hub.tell(told(id, Action::Update, 1));
    assert_eq!(next(&live), Some(format!("[{},{}]", event("create", 1), event("update", 1))));
    // Nobody has opened the other one, and nobody will.
    assert_eq!(next(&hub.register().open(other, 1000)), None);
    drop(live);
    assert!(!hub.listens());
    hub.tell(told(id, Action::Create, 3));
}

#[test]
fn more_than_may_wait_ends_it_behind_what_was_kept() {
    let hub = Arc::new(Hub::default());
    let id = Uuid::new_v4();
    let length = event("create", 1).len();
    let live = hub.register().open(id, 2 * length);
    for number in 1..=4 {
        hub.tell(told(id, Action::Create, number));
    }
    assert_eq!(now(live.ended()), Some(End::Overflow(2 * length)));
    assert_eq!(next(&live), Some(format!("[{},{}]", event("create", 1), event("create", 2))));
    assert_eq!(next(&live), Some(format!("{:?}", End::Overflow(2 * length))));
}

#[test]
fn what_was_read_makes_room() {
    let hub = Arc::new(Hub::default());
    let id = Uuid::new_v4();
    let live = hub.register().open(id, event("create", 1).len());
    for number in 1..=9 {
        hub.tell(told(id, Action::Create, number));
        assert_eq!(next(&live), Some(format!("[{}]", event("create", number))));
    }
}

#[test]
fn a_commit_waits_until_the_events_of_the_same_record_are_handed_on() {
    let commits = Arc::new(Commits::default());
    let began = commits.now();
    let first = now(commits.begin(began, written(&[PERSON]), true)).expect("nobody is ahead");
    let first = first.expect("it may be committed");
    let mut second = pin!(commits.begin(began, written(&[ANIMAL, PERSON]), true));
    assert!(now(second.as_mut()).is_none());
    first.committed();
    assert!(now(second.as_mut()).is_none(), "its events are not handed on yet");
    // Others do not wait: of another record, of an index, of another table.
    for keys in [&[OTHER_PERSON], &[INDEX_OF_PERSON], &[ANIMAL]] {
        assert!(now(commits.begin(began, written(keys), true)).is_some());
    }
    drop(first);
    assert!(now(second).is_some());
}

#[test]
fn one_with_many_records_waits_for_all_of_its_table() {
    let commits = Arc::new(Commits::default());
    let began = commits.now();
    let mut many = Footprint::default();
    for number in 0..5_000 {
        many.write(format!("/*\0\0\0\x01*\0\0\0\x02*person\0*x{number}").as_bytes());
    }
    let many = now(commits.begin(began, Arc::new(many), true)).expect("nobody is ahead");
    let mut one = pin!(commits.begin(began, written(&[PERSON]), true));
    assert!(now(one.as_mut()).is_none());
    assert!(now(commits.begin(began, written(&[ANIMAL]), true)).is_some());
    drop(many);
    assert!(now(one).is_some());
}

#[test]
fn a_transaction_that_began_before_a_live_query_does_not_commit_behind_it() {
    let commits = Arc::new(Commits::default());
    let (before, begins) = (commits.now(), || commits.now());
    let earlier = now(commits.begin(before, written(&[PERSON]), true)).expect("nobody is ahead");
    let earlier = earlier.expect("it may be committed");
    let (table, rest) = Table::of(PERSON).expect("it is a record's key");
    assert_eq!(rest, b"*1");
    commits.register(table);
    let committed =
        |began, keys| now(commits.begin(began, written(keys), true)).map(|it| it.map(drop));
    assert_eq!(committed(before, &[OTHER_PERSON]), Some(Err(Outdated)));
    assert_eq!(committed(before, &[ANIMAL]), Some(Ok(())));
    assert_eq!(committed(before, &[INDEX_OF_PERSON]), Some(Ok(())), "it tells nobody");
    assert_eq!(committed(begins(), &[OTHER_PERSON]), Some(Ok(())));
    // Whoever was committing already is waited for.
    let mut settled = pin!(commits.settled());
    assert!(now(settled.as_mut()).is_none());
    earlier.committed();
    assert!(now(settled).is_some());
}

#[test]
fn a_watched_query_is_outdated_by_what_it_has_read() {
    let watches = Arc::new(Watches::default());
    let watch = watches.open();
    let reads = || {
        let mut reads = Reads::default();
        reads.read(PERSON);
        reads
    };
    watch.runs();
    watch.has_read(reads());
    watches.committed(&written(&[ANIMAL]));
    assert!(now(watch.outdated()).is_none());
    watches.committed(&written(&[ANIMAL, OTHER_PERSON]));
    assert!(now(watch.outdated()).is_some());
    // While it runs nobody knows what it will have read.
    watch.runs();
    watches.committed(&written(&[PERSON]));
    watch.has_read(reads());
    assert!(now(watch.outdated()).is_some());
    watch.runs();
    watches.committed(&written(&[ANIMAL]));
    watch.has_read(reads());
    assert!(now(watch.outdated()).is_none());
}

#[test]
fn a_watched_query_that_waits_is_woken() {
    let watches = Arc::new(Watches::default());
    let watch = watches.open();
    let mut reads = Reads::default();
    reads.read(PERSON);
    watch.runs();
    watch.has_read(reads);
    let mut outdated = pin!(watch.outdated());
    assert!(now(outdated.as_mut()).is_none());
    watches.committed(&written(&[PERSON]));
    assert!(now(outdated).is_some());
}
