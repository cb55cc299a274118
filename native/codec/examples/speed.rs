//! What tags cost: the rows of a select as tagged JSON, beside the same rows
//! as JSON that loses their types.
//!
//! `tool/cargo run -q -p surrealdartb_codec --example speed`

use std::time::{Duration, Instant};

use surrealdartb_codec::{decode, encode};
use surrealdb_types::{Array, Datetime, Object, RecordId, Value};

const ROWS: i64 = 10_000;
const ROUNDS: usize = 41;

/// Rows as a table of people has them; `typed` with record ids and datetimes,
/// otherwise with their text.
fn rows(typed: bool) -> Value {
    let row = |n: i64| {
        let id = RecordId::new("person", n);
        let born = Datetime::from_timestamp(1_700_000_000 + n, 123_456_789).unwrap();
        let mut row = Object::new();
        if typed {
            row.insert("id", id);
            row.insert("born", born);
        } else {
            row.insert("id", format!("person:{n}"));
            row.insert("born", born.to_string());
        }
        row.insert("name", format!("Person number {n}"));
        row.insert("email", format!("person{n}@example.org"));
        row.insert("age", n % 100);
        row.insert("score", n as f64 * 0.37);
        row.insert("active", n % 2 == 0);
        row.insert("tags", vec!["one".to_owned(), "two".to_owned()]);
        Value::Object(row)
    };
    Value::Array(Array::from((0..ROWS).map(row).collect::<Vec<_>>()))
}

/// Median of [`ROUNDS`] rounds, after one to warm up.
fn median<T>(mut body: impl FnMut() -> T) -> Duration {
    let mut times: Vec<_> = (0..=ROUNDS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(body());
            start.elapsed()
        })
        .skip(1)
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

fn tagged(value: &Value) -> Vec<u8> {
    let mut json = Vec::new();
    encode(value, &mut json).unwrap();
    json
}

/// What the engine offers: a tree of JSON, and its text.
fn untagged(value: &Value) -> Vec<u8> {
    serde_json::to_vec(&value.clone().into_json_value()).unwrap()
}

fn main() {
    let (typed, plain) = (rows(true), rows(false));
    let (typed_json, plain_json) = (tagged(&typed), tagged(&plain));
    println!("{ROWS} rows: {} bytes tagged, {} plain", typed_json.len(), plain_json.len());

    let before = median(|| untagged(&typed));
    let encode_plain = median(|| tagged(&plain));
    let encode_tagged = median(|| tagged(&typed));
    let decode_plain = median(|| decode(&plain_json).unwrap());
    let decode_tagged = median(|| decode(&typed_json).unwrap());
    let line = |name: &str, time: Duration, plain: Duration| {
        let ratio = time.as_secs_f64() / plain.as_secs_f64();
        println!("{name:34} {:6.2} ms  {ratio:.2}", time.as_secs_f64() * 1e3);
    };
    line("encode, the engine's JSON", before, encode_plain);
    line("encode, plain rows", encode_plain, encode_plain);
    line("encode, tagged rows", encode_tagged, encode_plain);
    line("decode, plain rows", decode_plain, decode_plain);
    line("decode, tagged rows", decode_tagged, decode_plain);
}
