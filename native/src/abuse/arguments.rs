//! What entries are given, sound or not.

use std::iter::repeat_with;
use std::ptr;

use fastrand::Rng;

pub(super) const OPTIONS: [&str; 5] = [
    r#"{"endpoint":"mem://","namespace":"a","database":"a"}"#,
    r#"{"endpoint":"mem://shared","namespace":"a","database":"a","onConflict":"fail"}"#,
    r#"{"endpoint":"mem://"}"#,
    r#"{"endpoint":"nowhere://"}"#,
    r#"{"endpoint":1}"#,
];

pub(super) const ARGUMENTS: [&str; 8] = [
    r#"{"resource":"person","data":{"id":"person:1","n":1},"all":true,"ignore":true}"#,
    r#"{"resource":"person:1","data":{"n":2}}"#,
    r#"{"resource":"person:1","data":[{"op":"replace","path":"/n","value":3}]}"#,
    r#"{"resource":"knows","from":"person:1","to":"person:2","data":{}}"#,
    r#"{"name":"p","value":[1,{"$none":0}]}"#,
    r#"{"function":"math::abs","arguments":[-1]}"#,
    r#"{"function":"testing::panic","arguments":[]}"#,
    r#""pieces""#,
];

pub(super) const QUERIES: [&str; 7] = [
    "RETURN 1",
    "UPSERT person:1 SET n += 1",
    "BEGIN; UPSERT person:2; SLEEP 2ms; COMMIT",
    "SELECT * FROM person",
    "SLEEP 20ms; RETURN $p",
    "THROW 'x'",
    "RETURN ((((",
];

pub(super) const TIMEOUTS: [i64; 8] = [0, -1, i64::MIN, 1, 300, 5_000, 1_000_000, i64::MAX];

pub(super) const NAMES: [&str; 3] = ["a", "b", ""];

/// Bytes, or null with a length.
pub(super) enum Bytes {
    Some(Vec<u8>),
    Null(usize),
}

impl Bytes {
    /// One of `good` more often than not.
    pub(super) fn random(rng: &mut Rng, good: &[&str]) -> Self {
        let good = good[rng.usize(..good.len())].as_bytes();
        match rng.u8(..16) {
            0 => Self::Null(0),
            1 => Self::Null(rng.usize(1..)),
            2 => Self::Some(Vec::new()),
            3 => {
                let length = rng.usize(..64);
                Self::Some(repeat_with(|| rng.u8(..)).take(length).collect())
            }
            4 => Self::Some(good[..rng.usize(..=good.len())].to_vec()),
            _ => Self::Some(good.to_vec()),
        }
    }

    pub(super) fn parts(&self) -> (*const u8, usize) {
        match self {
            Self::Some(bytes) => (bytes.as_ptr(), bytes.len()),
            Self::Null(length) => (ptr::null(), *length),
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Some(bytes) => bytes,
            Self::Null(_) => &[],
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        !matches!(self, Self::Null(1..))
    }

    pub(super) fn is_text(&self) -> bool {
        self.is_sound() && str::from_utf8(self.as_slice()).is_ok()
    }
}
