//! Everything that Dart could do wrong, at once: random entries with random
//! arguments on random handles, from several threads, against a fake Dart VM.

mod arguments;
mod vm;
mod world;

use std::env;
use std::process::Command;
use std::ptr::null_mut;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use surrealdartb_bridge::Status;

use crate::*;
use arguments::{ARGUMENTS, Bytes, NAMES, OPTIONS, QUERIES, TIMEOUTS};
use vm::post;
use world::{Kind, World, any_id};

const THREADS: u64 = 4;

/// Longer than any machine needs: what takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(300);

/// With this variable the operations of its seed run in this very process.
const SEED: &str = "SURREALDARTB_ABUSE_SEED";

/// The function that posts is one for the process, and other tests post
/// nowhere: so the operations run in a process of their own. If it crashes,
/// there is still somebody to tell the seed.
#[test]
fn random_operations_are_refused_with_a_reason_or_answered_once() {
    if let Ok(seed) = env::var(SEED) {
        return abuse(seed.parse().expect("a seed is a number"));
    }
    let seed = fastrand::u64(..).to_string();
    let name = thread::current().name().expect("a test's thread has a name").to_owned();
    let run = Command::new(env::current_exe().unwrap())
        .args([&name, "--exact", "--nocapture"])
        .env(SEED, &seed)
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    println!("{SEED}={seed}\n{out}\n{err}");
    assert!(run.status.success(), "{}, with {SEED}={seed}", run.status);
}

/// Fails also when an entry does not return.
fn abuse(seed: u64) {
    let (ended, end) = channel();
    let all = thread::spawn(move || {
        operate(seed);
        ended.send(()).unwrap();
    });
    assert_ne!(end.recv_timeout(DEADLINE), Err(RecvTimeoutError::Timeout), "it hangs");
    all.join().unwrap();
}

fn operate(seed: u64) {
    let is_full = env::var("SURREALDARTB_FULL_LENGTH").is_ok_and(|it| it == "1");
    let operations = if is_full { 100_000 } else { 10_000 };
    // SAFETY: `post` behaves as `Dart_PostCObject` does.
    (1..100).find(|version| unsafe { surrealdartb_init(Some(post), *version) } == 0).unwrap();
    let begin = Instant::now();
    let world = World::default();
    thread::scope(|threads| {
        for thread in 0..THREADS {
            let world = &world;
            threads.spawn(move || {
                let mut rng = Rng::with_seed(seed.wrapping_add(thread));
                for _ in 0..operations / THREADS {
                    world.act(&mut rng);
                }
            });
        }
    });
    println!("{operations} operations took {:?}", begin.elapsed());
    world.end();
    println!("all is released after {:?}", begin.elapsed());
    world.check();
}

type WithArguments = unsafe extern "C" fn(i64, i64, i64, *const u8, usize) -> i32;

const WITH_ARGUMENTS: [WithArguments; 4] = [
    surrealdartb_db_select,
    surrealdartb_db_create,
    surrealdartb_db_update,
    surrealdartb_db_delete,
];

impl World {
    fn act(&self, rng: &mut Rng) {
        let at = &self.target(rng);
        let timeout = TIMEOUTS[rng.usize(..TIMEOUTS.len())];
        match rng.u8(..40) {
            0 | 1 => {
                self.open(rng.u32(..5).wrapping_sub(1));
                self.end_an_older_one(rng);
            }
            2 => self.abandon(at),
            3 => self.close(at),
            4..=6 => {
                let options = Bytes::random(rng, &OPTIONS);
                let sound = options.is_sound() && abi::connect_options(options.as_slice()).is_ok();
                let (p, n) = options.parts();
                // SAFETY: as many bytes are readable, if the pointer is not null.
                self.call(at, Kind::Queued, sound, |handle, id| unsafe {
                    surrealdartb_db_connect(handle, id, p, n)
                });
            }
            7 | 8 => {
                let entry = *rng.choice(&[surrealdartb_db_use_ns, surrealdartb_db_use_db]).unwrap();
                let name = Bytes::random(rng, &NAMES);
                let (p, n) = name.parts();
                // SAFETY: as above.
                self.call(at, Kind::Queued, name.is_text(), |handle, id| unsafe {
                    entry(handle, id, p, n)
                });
            }
            9..=18 => {
                let (sql, bindings) = (Bytes::random(rng, &QUERIES), Bytes::random(rng, &["{}"]));
                let ((p, n), (q, m)) = (sql.parts(), bindings.parts());
                let sound = sql.is_text() && bindings.is_sound();
                let entry = *rng.choice(&[surrealdartb_db_query, surrealdartb_db_stream]).unwrap();
                // SAFETY: as above, for both.
                self.call(at, Kind::Queued, sound, |handle, id| unsafe {
                    entry(handle, id, timeout, p, n, q, m)
                });
            }
            19 | 20 => {
                let entry = WITH_ARGUMENTS[rng.usize(..WITH_ARGUMENTS.len())];
                let arguments = Bytes::random(rng, &ARGUMENTS);
                let (p, n) = arguments.parts();
                // SAFETY: as above.
                self.call(at, Kind::Queued, arguments.is_sound(), |handle, id| unsafe {
                    entry(handle, id, timeout, p, n)
                });
            }
            21 => self.call(at, Kind::Aside, true, |h, id| surrealdartb_db_holders(h, id)),
            22 => {
                let other = self.target(rng).handle;
                self.call(at, Kind::Aside, true, |handle, id| {
                    surrealdartb_db_wait_for_release(handle, id, other)
                });
            }
            23..=25 => {
                let call = any_id(rng);
                self.call(at, Kind::Silent, true, |handle, _| surrealdartb_db_cancel(handle, call));
            }
            26 => {
                let mut counts = [-1; 3];
                let place = if rng.bool() { counts.as_mut_ptr() } else { null_mut() };
                // SAFETY: the place is null, or has room for three numbers.
                self.call(at, Kind::Silent, !place.is_null(), |handle, _| unsafe {
                    surrealdartb_db_counts(handle, place)
                });
                assert!(counts == [-1; 3] || counts.iter().all(|it| *it >= 0), "{counts:?}");
            }
            27 => {
                // SAFETY: null is allowed.
                let init = unsafe { surrealdartb_init(None, rng.i32(..)) };
                assert_eq!(self.status(init), Status::NullPointer);
                // SAFETY: `post` behaves as `Dart_PostCObject` does.
                let init = unsafe { surrealdartb_init(Some(post), rng.i32(..0)) };
                assert_eq!(self.status(init), Status::NotInitialised);
                let (port, max) = (rng.i64(..), rng.u32(..));
                // SAFETY: as above.
                let new = unsafe { surrealdartb_db_new(port, max, max, null_mut(), null_mut()) };
                assert_eq!(self.status(new), Status::NullPointer);
                // SAFETY: as above.
                unsafe {
                    surrealdartb_db_abandon(null_mut());
                    surrealdartb_free_error_string(null_mut());
                }
            }
            28 => {
                let (call, piece) = (any_id(rng), Bytes::random(rng, &ARGUMENTS));
                let (p, n) = piece.parts();
                let is_last = rng.i32(-1..2);
                // SAFETY: as above.
                self.call(at, Kind::Silent, piece.is_sound(), |handle, _| unsafe {
                    surrealdartb_feed(handle, call, p, n, is_last)
                });
            }
            _ => {
                let number = rng.i32(-1..40);
                let operation = Operation::numbered(number);
                let arguments = Bytes::random(rng, &ARGUMENTS);
                let (p, n) = arguments.parts();
                let sound = operation.is_some() && arguments.is_sound();
                // A database's first session is not closed in this way.
                if operation.is_none_or(|it| it.name() != "closeSession") {
                    // SAFETY: as above.
                    self.call(at, Kind::Queued, sound, |handle, id| unsafe {
                        surrealdartb_db_call(handle, id, timeout, number, p, n)
                    });
                }
            }
        }
    }
}
