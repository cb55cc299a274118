//! The same engine behind a bridge that blocks: every entry waits, on the thread
//! that calls, until the engine is done. Built for the benchmark only: it shows
//! what the port, the queue and the isolate of the real bridge cost, and gain.
//!
//! There is one store and one session per process. Text and JSON are a pointer
//! and a length, UTF-8. An answer is a pointer and a length that
//! [`blocking_free`] takes back. A failure is a panic, which ends the process.

use std::slice;
use std::sync::{Arc, Mutex, OnceLock};

use surrealdartb_codec::{decode, encode};
use surrealdartb_lanes::{Attempt, Standing};
use surrealdartb_store::{
    Endpoint, Failure, Place, Run, Script, Session, Store, StoreOptions, open,
};
use surrealdb::types::{Value, Variables};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// As the real bridge has it.
const MIN_WORKERS: usize = 4;
const STACK_BYTES: usize = 10 * 1024 * 1024;

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static OPEN: Mutex<Option<Open>> = Mutex::new(None);

/// A store, and its session.
type Open = (Arc<dyn Store>, Arc<dyn Session>);

fn workers() -> usize {
    std::thread::available_parallelism().map_or(MIN_WORKERS, |cores| cores.get().max(MIN_WORKERS))
}

fn runtime() -> &'static Runtime {
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers())
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .expect("the runtime starts")
    })
}

/// Opens `mem://`, or `rocksdb://PATH`, and selects a namespace and a database.
///
/// # Safety
///
/// `endpoint` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blocking_open(endpoint: *const u8, length: usize) {
    // SAFETY: the caller promises it.
    let endpoint = unsafe { bytes(endpoint, length) };
    let endpoint = str::from_utf8(endpoint).expect("UTF-8");
    let opened = runtime().block_on(async {
        let place = Place::of(&Endpoint::parse(endpoint)?)?;
        let store = open(place, StoreOptions::default(), workers()).await?;
        let scope = Some("bench".to_owned());
        let session = Arc::clone(&store).session().select(scope.clone(), scope).await?;
        Ok::<_, Failure>((store, session))
    });
    *OPEN.lock().expect("no entry panicked") = Some(opened.expect("the store opens"));
}

/// Runs one statement with bindings, JSON of an object, and writes where the
/// JSON of its value is.
///
/// # Safety
///
/// `text` and `bindings` point to as many readable bytes as their lengths say,
/// `answer` and `answer_length` to writable places.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blocking_query(
    text: *const u8,
    text_length: usize,
    bindings: *const u8,
    bindings_length: usize,
    answer: *mut *mut u8,
    answer_length: *mut usize,
) {
    // SAFETY: the caller promises it, for both.
    let (text, bindings) = unsafe { (bytes(text, text_length), bytes(bindings, bindings_length)) };
    let text = str::from_utf8(text).expect("UTF-8");
    let Ok(Value::Object(bindings)) = decode(bindings) else { panic!("no object") };
    let open = OPEN.lock().expect("no entry panicked");
    let (_, session) = open.as_ref().expect("the store is open");
    let script = Script::parse(text).expect("SurrealQL");
    let never = CancellationToken::new();
    let run = Run {
        script,
        variables: Variables::from(bindings),
        cancelled: &never,
        attempt: Attempt::new(Standing::Fails, Vec::new()),
    };
    let value =
        runtime().block_on(session.run(run)).and_then(|it| it.into_value()).expect("a value");
    let mut json = Vec::new();
    encode(&value, &mut json).expect("a value that can be encoded");
    let json = Box::leak(json.into_boxed_slice());
    // SAFETY: the caller promises that both can be written to.
    unsafe {
        answer.write(json.as_mut_ptr());
        answer_length.write(json.len());
    }
}

/// Frees an answer of [`blocking_query`].
///
/// # Safety
///
/// Pointer and length are those of an answer, which is freed once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blocking_free(answer: *mut u8, length: usize) {
    // SAFETY: the caller promises that it was a boxed slice of this length.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(answer, length)) });
}

/// Waits for nothing: an empty trip.
#[unsafe(no_mangle)]
pub extern "C" fn blocking_nothing() {
    runtime().block_on(async {});
}

/// Closes the store.
#[unsafe(no_mangle)]
pub extern "C" fn blocking_close() {
    if let Some((store, _)) = OPEN.lock().expect("no entry panicked").take() {
        runtime().block_on(store.close(Box::new(|_| ()))).expect("the store closes");
    }
}

/// # Safety
///
/// `pointer` points to `length` readable bytes.
unsafe fn bytes<'a>(pointer: *const u8, length: usize) -> &'a [u8] {
    // SAFETY: the caller promises it.
    unsafe { slice::from_raw_parts(pointer, length) }
}
