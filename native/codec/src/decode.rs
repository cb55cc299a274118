//! Bytes to engine values.

use std::fmt;
use std::ops::Bound;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use surrealdb_types::{
    Array, Bytes, Datetime, Decimal, Duration, File, Geometry, Number, Object, Range, RecordId,
    RecordIdKey, RecordIdKeyRange, Regex, Set, Table, Uuid, Value,
};

use crate::{MAX_DEPTH, tag};

/// How many lists and objects of JSON may stand inside each other. The value
/// with the most for one level of its own is a range: an object with a list
/// with a list.
const MAX_JSON_DEPTH: usize = 3 * MAX_DEPTH + 3;

/// Reads one value.
///
/// # Errors
///
/// When `json` is not one JSON text, holds a tag that is not one of this
/// format's, or is nested deeper than [`MAX_DEPTH`] can need; the text says
/// where.
pub fn decode(json: &[u8]) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // Its own limit is below ours, and cannot be set.
    deserializer.disable_recursion_limit();
    let value = AnyValue::tagged(MAX_JSON_DEPTH).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// A value that is to be read.
#[derive(Clone, Copy)]
struct AnyValue {
    /// Whether an object with a key that starts with `$` is a tag with its
    /// content, or stands for itself: the content of `$obj`.
    tagged: bool,
    /// How many more lists and objects may stand inside each other.
    depth: usize,
}

impl AnyValue {
    fn tagged(depth: usize) -> Self {
        Self { tagged: true, depth }
    }

    fn deeper<E: serde::de::Error>(self) -> Result<usize, E> {
        let depth = self.depth.checked_sub(1);
        depth.ok_or_else(|| {
            E::custom(format_args!("the value is nested more than {MAX_DEPTH} levels deep"))
        })
    }
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SurrealDB value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Value, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E>(self, int: i64) -> Result<Value, E> {
        Ok(Value::Number(Number::Int(int)))
    }

    fn visit_u64<E: serde::de::Error>(self, int: u64) -> Result<Value, E> {
        let int = i64::try_from(int)
            .map_err(|_| E::custom(format_args!("{int} does not fit into 64 bits with a sign")))?;
        Ok(Value::Number(Number::Int(int)))
    }

    fn visit_f64<E>(self, float: f64) -> Result<Value, E> {
        Ok(Value::Number(Number::Float(float)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let item = AnyValue::tagged(self.deeper()?);
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(item)? {
            array.push(item);
        }
        Ok(Value::Array(Array::from(array)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let field = AnyValue::tagged(self.deeper()?);
        let mut object = Object::new();
        while let Some(key) = entries.next_key::<String>()? {
            if self.tagged && key.starts_with('$') {
                let value = tagged(&key, field, &mut entries)?;
                if !object.is_empty() || entries.next_key::<String>()?.is_some() {
                    return Err(A::Error::custom(format_args!(
                        "{key} does not stand alone in its object"
                    )));
                }
                return Ok(value);
            }
            let value = entries.next_value_seed(field)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

fn tagged<'de, A: MapAccess<'de>>(
    tag: &str,
    content: AnyValue,
    entries: &mut A,
) -> Result<Value, A::Error> {
    if tag == tag::OBJECT {
        return match entries.next_value_seed(AnyValue { tagged: false, ..content })? {
            object @ Value::Object(_) => Ok(object),
            _ => Err(A::Error::custom(format_args!("{tag} holds no object"))),
        };
    }
    let content = entries.next_value_seed(content)?;
    from_tag(tag, content)
        .map_err(|reason| A::Error::custom(format_args!("{tag} cannot be read: {reason}")))
}

type Reason = String;

fn from_tag(tag: &str, content: Value) -> Result<Value, Reason> {
    Ok(match (tag, content) {
        (tag::NONE, Value::Null) => Value::None,
        (tag::FLOAT, Value::String(name)) => {
            Value::Number(Number::Float(f64::from_str(&name).map_err(text)?))
        }
        (tag::DECIMAL, Value::String(digits)) => {
            let decimal = Decimal::from_str_exact(&digits).map_err(text)?;
            // The engine's own reader drops zeros at the end. Its keys of
            // records and of indexes are made of the digits, and so would
            // neither find 1.50 where 1.5 is asked for nor see that the two
            // are one in a unique index.
            Value::Number(Number::Decimal(decimal.normalize()))
        }
        (tag::BYTES, Value::String(base64)) => {
            Value::Bytes(Bytes::from(STANDARD.decode(base64).map_err(text)?))
        }
        (tag::DURATION, Value::Array(parts)) => {
            let (seconds, nanos) = two(parts)?;
            let seconds = match seconds {
                Value::Number(Number::Int(seconds)) => u64::try_from(seconds).map_err(text)?,
                Value::String(seconds) => u64::from_str(&seconds).map_err(text)?,
                _ => return Err("its seconds are neither a number nor text".into()),
            };
            Value::Duration(Duration::new(seconds, nanoseconds(nanos, BILLION)?))
        }
        (tag::DATETIME, Value::Array(parts)) => {
            let (Value::Number(Number::Int(seconds)), nanos) = two(parts)? else {
                return Err("its seconds are not a number".into());
            };
            // A leap second is a second that counts on.
            let datetime = Datetime::from_timestamp(seconds, nanoseconds(nanos, 2 * BILLION)?);
            Value::Datetime(datetime.ok_or("the time is out of the engine's range")?)
        }
        (tag::UUID, Value::String(uuid)) => Value::Uuid(Uuid::from_str(&uuid).map_err(text)?),
        (tag::GEOMETRY, Value::Object(object)) => Value::Geometry(geometry(&object)?),
        (tag::TABLE, Value::String(name)) => Value::Table(Table::new(name)),
        (tag::RECORD_ID, Value::Array(parts)) => Value::RecordId(record_id(parts)?),
        (tag::FILE, Value::Array(parts)) => match two(parts)? {
            (Value::String(bucket), Value::String(key)) => Value::File(File { bucket, key }),
            _ => return Err("it needs a bucket and a key".into()),
        },
        (tag::RANGE, Value::Array(parts)) => Value::Range(Box::new(range(parts)?)),
        // (The engine's own `from_str` writes `/` for `\/`, even behind a `\`.)
        (tag::REGEX, Value::String(pattern)) => {
            Value::Regex(Regex::from(regex::Regex::new(&pattern).map_err(text)?))
        }
        (tag::SET, Value::Array(items)) => {
            Value::Set(Set::from(items.into_iter().collect::<Vec<_>>()))
        }
        _ => return Err("the tag, or its content, is not one of this format".into()),
    })
}

fn geometry(object: &Object) -> Result<Geometry, Reason> {
    if let (2, Some(Value::String(kind)), Some(Value::Array(parts))) =
        (object.len(), object.get("type"), object.get("geometries"))
        && kind == "GeometryCollection"
    {
        let parts = parts.iter().map(|part| match part {
            Value::Object(part) => geometry(part),
            _ => Err("a part of the collection is not a geometry".into()),
        });
        return parts.collect::<Result<_, _>>().map(Geometry::Collection);
    }
    Geometry::try_from_object(object).ok_or_else(|| "it is not a GeoJSON geometry".into())
}

fn record_id(parts: Array) -> Result<RecordId, Reason> {
    let (Value::String(table), key) = two(parts)? else {
        return Err("it needs a table's name and a key".into());
    };
    Ok(RecordId { table: Table::new(table), key: record_key(key)? })
}

fn record_key(key: Value) -> Result<RecordIdKey, Reason> {
    Ok(match key {
        Value::Number(Number::Int(int)) => RecordIdKey::Number(int),
        Value::String(text) => RecordIdKey::String(text),
        Value::Uuid(uuid) => RecordIdKey::Uuid(uuid),
        Value::Array(items) => RecordIdKey::Array(items),
        Value::Object(object) => RecordIdKey::Object(object),
        Value::Range(range) => {
            RecordIdKey::Range(Box::new(RecordIdKeyRange::from_value_range(*range).map_err(text)?))
        }
        _ => return Err("a key is an integer, text, uuid, array, object or range".into()),
    })
}

fn range(parts: Array) -> Result<Range, Reason> {
    let (start, end) = two(parts)?;
    Ok(Range { start: bound(start)?, end: bound(end)? })
}

fn bound(value: Value) -> Result<Bound<Value>, Reason> {
    let Value::Array(parts) = value else {
        return if matches!(value, Value::Null) {
            Ok(Bound::Unbounded)
        } else {
            Err("a bound is null or a pair".into())
        };
    };
    match two(parts)? {
        (Value::String(kind), value) if kind == tag::INCLUDED => Ok(Bound::Included(value)),
        (Value::String(kind), value) if kind == tag::EXCLUDED => Ok(Bound::Excluded(value)),
        _ => Err("a bound is included (in) or excluded (ex)".into()),
    }
}

fn two(parts: Array) -> Result<(Value, Value), Reason> {
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(second), None) => Ok((first, second)),
        _ => Err("it needs two parts".into()),
    }
}

const BILLION: i64 = 1_000_000_000;

fn nanoseconds(value: Value, end: i64) -> Result<u32, Reason> {
    match value {
        Value::Number(Number::Int(nanos)) if (0..end).contains(&nanos) => {
            u32::try_from(nanos).map_err(text)
        }
        _ => Err("its nanoseconds are none".into()),
    }
}

fn text(error: impl fmt::Display) -> Reason {
    error.to_string()
}
