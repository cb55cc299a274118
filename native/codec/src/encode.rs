//! Engine values to bytes, in one pass and without a tree in between.

use std::fmt;
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use surrealdb_types::{Geometry, Number, Object, RecordId, RecordIdKey, Value};

use crate::tag;

/// How many arrays, objects and ranges may stand inside each other. Deeper
/// values are refused: the stack of a worker thread has an end.
pub const MAX_DEPTH: usize = 512;

/// A value is nested deeper than [`MAX_DEPTH`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value is nested more than {MAX_DEPTH} levels deep")
    }
}

impl std::error::Error for TooDeep {}

/// Appends `value` to `out`.
///
/// # Errors
///
/// [`TooDeep`]; `out` then holds a part of the value.
pub fn encode(value: &Value, out: &mut Vec<u8>) -> Result<(), TooDeep> {
    value_at(value, out, MAX_DEPTH)
}

/// Appends `text` to `out` as a JSON string.
pub fn encode_str(text: &str, out: &mut Vec<u8>) {
    scalar(text, out);
}

fn value_at(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<(), TooDeep> {
    match value {
        Value::None => tagged(tag::NONE, out, |out| out.extend_from_slice(b"null")),
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(bool) => scalar(bool, out),
        Value::Number(Number::Int(int)) => scalar(int, out),
        Value::Number(Number::Float(float)) => encode_float(*float, out),
        Value::Number(Number::Decimal(decimal)) => {
            tagged(tag::DECIMAL, out, |out| scalar(&decimal.to_string(), out));
        }
        Value::String(text) => scalar(text, out),
        Value::Bytes(bytes) => {
            tagged(tag::BYTES, out, |out| scalar(&STANDARD.encode(&bytes[..]), out));
        }
        Value::Duration(duration) => {
            tagged(tag::DURATION, out, |out| {
                scalar(&(duration.as_secs(), duration.subsec_nanos()), out);
            });
        }
        Value::Datetime(datetime) => {
            tagged(tag::DATETIME, out, |out| {
                scalar(&(datetime.timestamp(), datetime.timestamp_subsec_nanos()), out);
            });
        }
        Value::Uuid(uuid) => tagged(tag::UUID, out, |out| scalar(&uuid.to_string(), out)),
        Value::Table(table) => tagged(tag::TABLE, out, |out| scalar(table.as_str(), out)),
        Value::Regex(regex) => tagged(tag::REGEX, out, |out| scalar(regex.regex().as_str(), out)),
        Value::File(file) => {
            tagged(tag::FILE, out, |out| scalar(&(file.bucket(), file.key()), out));
        }
        Value::Geometry(geometry) => {
            return nested(tag::GEOMETRY, out, |out| geo_json(geometry, out, depth));
        }
        Value::RecordId(id) => {
            return nested(tag::RECORD_ID, out, |out| record_id(id, out, depth));
        }
        Value::Range(range) => {
            let depth = deeper(depth)?;
            return nested(tag::RANGE, out, |out| {
                bounds(range.start(), range.end(), out, |v, out| value_at(v, out, depth))
            });
        }
        Value::Array(items) => return array(items.iter(), out, deeper(depth)?),
        Value::Set(items) => {
            return nested(tag::SET, out, |out| array(items.iter(), out, deeper(depth)?));
        }
        Value::Object(object) => return encode_object(object, out, depth),
    }
    Ok(())
}

fn encode_object(object: &Object, out: &mut Vec<u8>, depth: usize) -> Result<(), TooDeep> {
    let depth = deeper(depth)?;
    if has_tag_like_key(object) {
        nested(tag::OBJECT, out, |out| fields(object, out, depth))
    } else {
        fields(object, out, depth)
    }
}

fn has_tag_like_key(object: &Object) -> bool {
    // The keys are sorted: those that start with `$` are next to each other.
    object
        .range::<str, _>((Bound::Included("$"), Bound::Unbounded))
        .next()
        .is_some_and(|(key, _)| key.starts_with('$'))
}

fn fields(object: &Object, out: &mut Vec<u8>, depth: usize) -> Result<(), TooDeep> {
    out.push(b'{');
    for (index, (key, value)) in object.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        scalar(key, out);
        out.push(b':');
        value_at(value, out, depth)?;
    }
    out.push(b'}');
    Ok(())
}

fn array<'a>(
    items: impl Iterator<Item = &'a Value>,
    out: &mut Vec<u8>,
    depth: usize,
) -> Result<(), TooDeep> {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        value_at(item, out, depth)?;
    }
    out.push(b']');
    Ok(())
}

/// GeoJSON. (The engine's own `as_object` forgets what a collection's parts
/// are.)
fn geo_json(geometry: &Geometry, out: &mut Vec<u8>, depth: usize) -> Result<(), TooDeep> {
    let depth = deeper(depth)?;
    let Geometry::Collection(parts) = geometry else {
        return fields(&geometry.as_object(), out, depth);
    };
    out.extend_from_slice(br#"{"type":"GeometryCollection","geometries":["#);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        geo_json(part, out, depth)?;
    }
    out.extend_from_slice(b"]}");
    Ok(())
}

fn record_id(id: &RecordId, out: &mut Vec<u8>, depth: usize) -> Result<(), TooDeep> {
    out.push(b'[');
    scalar(id.table.as_str(), out);
    out.push(b',');
    record_key(&id.key, out, depth)?;
    out.push(b']');
    Ok(())
}

fn record_key(key: &RecordIdKey, out: &mut Vec<u8>, depth: usize) -> Result<(), TooDeep> {
    match key {
        RecordIdKey::Number(number) => scalar(number, out),
        RecordIdKey::String(text) => scalar(text, out),
        RecordIdKey::Uuid(uuid) => tagged(tag::UUID, out, |out| scalar(&uuid.to_string(), out)),
        RecordIdKey::Array(items) => return array(items.iter(), out, deeper(depth)?),
        RecordIdKey::Object(object) => return encode_object(object, out, depth),
        RecordIdKey::Range(range) => {
            let depth = deeper(depth)?;
            return nested(tag::RANGE, out, |out| {
                bounds(range.start(), range.end(), out, |key, out| record_key(key, out, depth))
            });
        }
    }
    Ok(())
}

fn bounds<T>(
    start: Bound<&T>,
    end: Bound<&T>,
    out: &mut Vec<u8>,
    encode: impl Fn(&T, &mut Vec<u8>) -> Result<(), TooDeep>,
) -> Result<(), TooDeep> {
    out.push(b'[');
    for (index, bound) in [start, end].into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let (kind, value) = match bound {
            Bound::Included(value) => (tag::INCLUDED, value),
            Bound::Excluded(value) => (tag::EXCLUDED, value),
            Bound::Unbounded => {
                out.extend_from_slice(b"null");
                continue;
            }
        };
        out.push(b'[');
        scalar(kind, out);
        out.push(b',');
        encode(value, out)?;
        out.push(b']');
    }
    out.push(b']');
    Ok(())
}

fn encode_float(float: f64, out: &mut Vec<u8>) {
    if float.is_finite() {
        scalar(&float, out);
    } else {
        let name = if float.is_nan() {
            "NaN"
        } else if float > 0.0 {
            "inf"
        } else {
            "-inf"
        };
        tagged(tag::FLOAT, out, |out| scalar(name, out));
    }
}

fn deeper(depth: usize) -> Result<usize, TooDeep> {
    depth.checked_sub(1).ok_or(TooDeep)
}

fn tagged(tag: &str, out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let _: Result<(), TooDeep> = nested(tag, out, |out| {
        content(out);
        Ok(())
    });
}

fn nested(
    tag: &str,
    out: &mut Vec<u8>,
    content: impl FnOnce(&mut Vec<u8>) -> Result<(), TooDeep>,
) -> Result<(), TooDeep> {
    out.extend_from_slice(b"{\"");
    out.extend_from_slice(tag.as_bytes());
    out.extend_from_slice(b"\":");
    content(out)?;
    out.push(b'}');
    Ok(())
}

fn scalar<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("writing a scalar to memory does not fail");
}
