//! Engine values to bytes, in one pass and without a tree in between.

use std::fmt;
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use surrealdb_types::{Duration, Geometry, Number, Object, RecordId, RecordIdKey, Value};

use crate::{MAX_DEPTH, tag};

/// Why a value cannot be encoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EncodeError {
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// With it, the bytes are more than this many.
    TooLong(usize),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => {
                write!(f, "the value is nested more than {MAX_DEPTH} levels deep")
            }
            Self::TooLong(limit) => write!(f, "the value takes more than {limit} bytes"),
        }
    }
}

impl std::error::Error for EncodeError {}

type Result = std::result::Result<(), EncodeError>;

/// Appends `value` to `out`.
///
/// # Errors
///
/// [`EncodeError::TooDeep`]; `out` then holds a part of the value.
pub fn encode(value: &Value, out: &mut Vec<u8>) -> Result {
    encode_within(value, out, usize::MAX)
}

/// Appends `value` to `out`, which may hold `limit` bytes afterwards.
///
/// # Errors
///
/// [`EncodeError`]; `out` then holds a part of the value. It is hardly longer
/// than `limit`: texts and bytes that cannot fit are not encoded.
pub fn encode_within(value: &Value, out: &mut Vec<u8>, limit: usize) -> Result {
    let mut encoder = Encoder { out, limit };
    encoder.value(value, MAX_DEPTH)?;
    encoder.check_length()
}

/// Appends `text` to `out` as a JSON string.
pub fn encode_str(text: &str, out: &mut Vec<u8>) {
    scalar(text, out);
}

struct Encoder<'a> {
    out: &'a mut Vec<u8>,
    limit: usize,
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result {
        match value {
            Value::None => self.tagged(tag::NONE, &()),
            Value::Null => self.raw("null"),
            Value::Bool(bool) => self.scalar(bool),
            Value::Number(Number::Int(int)) => self.scalar(int),
            Value::Number(Number::Float(float)) => self.float(*float),
            Value::Number(Number::Decimal(decimal)) => {
                self.tagged(tag::DECIMAL, decimal.to_string().as_str());
            }
            Value::String(text) => self.text(text)?,
            Value::Bytes(bytes) => {
                self.check_room(bytes.len() / 3 * 4)?;
                self.tagged(tag::BYTES, STANDARD.encode(&bytes[..]).as_str());
            }
            Value::Duration(duration) => self.duration(duration),
            Value::Datetime(datetime) => {
                let parts = (datetime.timestamp(), datetime.timestamp_subsec_nanos());
                self.tagged(tag::DATETIME, &parts);
            }
            Value::Uuid(uuid) => self.tagged(tag::UUID, uuid.to_string().as_str()),
            Value::Table(table) => self.tagged(tag::TABLE, table.as_str()),
            Value::Regex(regex) => self.tagged(tag::REGEX, regex.regex().as_str()),
            Value::File(file) => self.tagged(tag::FILE, &(file.bucket(), file.key())),
            Value::Geometry(geometry) => {
                return self.nested(tag::GEOMETRY, |it| it.geo_json(geometry, depth));
            }
            Value::RecordId(id) => return self.record_id(id, deeper(depth)?),
            Value::Range(range) => {
                let depth = deeper(depth)?;
                return self.nested(tag::RANGE, |it| {
                    it.bounds(range.start(), range.end(), |it, value| it.value(value, depth))
                });
            }
            Value::Array(items) => return self.array(items.iter(), deeper(depth)?),
            Value::Set(items) => {
                return self.nested(tag::SET, |it| it.array(items.iter(), deeper(depth)?));
            }
            Value::Object(object) => return self.object(object, depth),
        }
        Ok(())
    }

    fn object(&mut self, object: &Object, depth: usize) -> Result {
        let depth = deeper(depth)?;
        if has_tag_like_key(object) {
            self.nested(tag::OBJECT, |it| it.fields(object, depth))
        } else {
            self.fields(object, depth)
        }
    }

    fn fields(&mut self, object: &Object, depth: usize) -> Result {
        self.raw("{");
        for (index, (key, value)) in object.iter().enumerate() {
            self.separate(index)?;
            self.text(key)?;
            self.raw(":");
            self.value(value, depth)?;
        }
        self.raw("}");
        Ok(())
    }

    fn array<'v>(&mut self, items: impl Iterator<Item = &'v Value>, depth: usize) -> Result {
        self.raw("[");
        for (index, item) in items.enumerate() {
            self.separate(index)?;
            self.value(item, depth)?;
        }
        self.raw("]");
        Ok(())
    }

    /// GeoJSON. (The engine's own `as_object` forgets what a collection's
    /// parts are.)
    fn geo_json(&mut self, geometry: &Geometry, depth: usize) -> Result {
        let depth = deeper(depth)?;
        let Geometry::Collection(parts) = geometry else {
            return self.fields(&geometry.as_object(), depth);
        };
        self.raw(r#"{"type":"GeometryCollection","geometries":["#);
        for (index, part) in parts.iter().enumerate() {
            self.separate(index)?;
            self.geo_json(part, depth)?;
        }
        self.raw("]}");
        Ok(())
    }

    fn record_id(&mut self, id: &RecordId, depth: usize) -> Result {
        self.nested(tag::RECORD_ID, |it| {
            it.raw("[");
            it.scalar(id.table.as_str());
            it.raw(",");
            it.record_key(&id.key, depth)?;
            it.raw("]");
            Ok(())
        })
    }

    fn record_key(&mut self, key: &RecordIdKey, depth: usize) -> Result {
        match key {
            RecordIdKey::Number(number) => self.scalar(number),
            RecordIdKey::String(text) => self.text(text)?,
            RecordIdKey::Uuid(uuid) => self.tagged(tag::UUID, uuid.to_string().as_str()),
            RecordIdKey::Array(items) => return self.array(items.iter(), deeper(depth)?),
            RecordIdKey::Object(object) => return self.object(object, depth),
            RecordIdKey::Range(range) => {
                let depth = deeper(depth)?;
                return self.nested(tag::RANGE, |it| {
                    it.bounds(range.start(), range.end(), |it, key| it.record_key(key, depth))
                });
            }
        }
        Ok(())
    }

    fn bounds<T>(
        &mut self,
        start: Bound<&T>,
        end: Bound<&T>,
        encode: impl Fn(&mut Self, &T) -> Result,
    ) -> Result {
        self.raw("[");
        for (index, bound) in [start, end].into_iter().enumerate() {
            self.separate(index)?;
            let (kind, value) = match bound {
                Bound::Included(value) => (tag::INCLUDED, value),
                Bound::Excluded(value) => (tag::EXCLUDED, value),
                Bound::Unbounded => {
                    self.raw("null");
                    continue;
                }
            };
            self.raw("[");
            self.scalar(kind);
            self.raw(",");
            encode(self, value)?;
            self.raw("]");
        }
        self.raw("]");
        Ok(())
    }

    fn float(&mut self, float: f64) {
        if float.is_finite() {
            self.scalar(&float);
        } else if float.is_nan() {
            self.tagged(tag::FLOAT, "NaN");
        } else {
            self.tagged(tag::FLOAT, if float > 0.0 { "inf" } else { "-inf" });
        }
    }

    /// JSON's readers have integers of 64 bits with a sign; the engine's
    /// seconds have none.
    fn duration(&mut self, duration: &Duration) {
        let nanos = duration.subsec_nanos();
        match i64::try_from(duration.as_secs()) {
            Ok(seconds) => self.tagged(tag::DURATION, &(seconds, nanos)),
            Err(_) => self.tagged(tag::DURATION, &(duration.as_secs().to_string(), nanos)),
        }
    }

    fn tagged<T: serde::Serialize + ?Sized>(&mut self, tag: &str, content: &T) {
        self.open(tag);
        self.scalar(content);
        self.raw("}");
    }

    fn nested(&mut self, tag: &str, content: impl FnOnce(&mut Self) -> Result) -> Result {
        self.open(tag);
        content(self)?;
        self.raw("}");
        Ok(())
    }

    fn open(&mut self, tag: &str) {
        self.raw("{\"");
        self.raw(tag);
        self.raw("\":");
    }

    /// Comes before the item at `index`.
    fn separate(&mut self, index: usize) -> Result {
        if index > 0 {
            self.raw(",");
        }
        self.check_length()
    }

    fn check_length(&self) -> Result {
        self.check_room(0)
    }

    /// Comes before something that takes at least `more` bytes.
    fn check_room(&self, more: usize) -> Result {
        if self.out.len().saturating_add(more) <= self.limit {
            Ok(())
        } else {
            Err(EncodeError::TooLong(self.limit))
        }
    }

    fn text(&mut self, text: &str) -> Result {
        self.check_room(text.len())?;
        self.scalar(text);
        Ok(())
    }

    fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    fn scalar<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        scalar(value, self.out);
    }
}

fn has_tag_like_key(object: &Object) -> bool {
    // The keys are sorted: those that start with `$` are next to each other.
    object
        .range::<str, _>((Bound::Included("$"), Bound::Unbounded))
        .next()
        .is_some_and(|(key, _)| key.starts_with('$'))
}

fn deeper(depth: usize) -> std::result::Result<usize, EncodeError> {
    depth.checked_sub(1).ok_or(EncodeError::TooDeep)
}

fn scalar<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("writing a scalar to memory does not fail");
}
