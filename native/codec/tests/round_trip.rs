//! What is encoded decodes to the same value, for every kind of value.

use std::ops::Bound;
use std::str::FromStr;

use surrealdartb_codec::{MAX_DEPTH, TooDeep, decode, encode};
use surrealdb_types::{
    Array, Bytes, Datetime, Decimal, Duration, File, Number, Object, Range, RecordId, RecordIdKey,
    RecordIdKeyRange, Regex, Set, Table, Uuid, Value,
};

fn json(value: &Value) -> String {
    let mut bytes = Vec::new();
    encode(value, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn assert_round_trip(value: Value) {
    let text = json(&value);
    let back = decode(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(back, value, "{text}");
    assert_eq!(json(&back), text);
}

fn int(int: i64) -> Value {
    Value::Number(Number::Int(int))
}

fn float(float: f64) -> Value {
    Value::Number(Number::Float(float))
}

fn string(text: &str) -> Value {
    Value::String(text.into())
}

fn object(fields: &[(&str, Value)]) -> Object {
    let mut object = Object::new();
    for (key, value) in fields {
        object.insert(*key, value.clone());
    }
    object
}

fn geometry(kind: &str, coordinates: &str) -> Value {
    let field = if kind == "GeometryCollection" { "geometries" } else { "coordinates" };
    let text = format!(r#"{{"$geo":{{"type":"{kind}","{field}":{coordinates}}}}}"#);
    decode(text.as_bytes()).unwrap()
}

fn every_kind() -> Vec<Value> {
    let uuid = Uuid::from_str("018f4d1e-7c3a-7b2e-9c54-0242ac120002").unwrap();
    let key = |key: RecordIdKey| Value::RecordId(RecordId { table: Table::new("t`⟩"), key });
    vec![
        Value::None,
        Value::Null,
        Value::Bool(true),
        int(i64::MIN),
        int(i64::MAX),
        float(1.0),
        float(-1.5e300),
        float(f64::MIN_POSITIVE),
        float(f64::INFINITY),
        float(f64::NEG_INFINITY),
        Value::Number(Number::Decimal(
            Decimal::from_str("0.1234567890123456789012345678").unwrap(),
        )),
        Value::Number(Number::Decimal(Decimal::MAX)),
        Value::Number(Number::Decimal(Decimal::from_str("-1.50").unwrap())),
        string(""),
        string("quotes \" ' ` back\\slash NUL \0 newline \n emoji 🦀 \u{2028}"),
        Value::Bytes(Bytes::from(vec![])),
        Value::Bytes(Bytes::from(vec![0, 255, 128])),
        Value::Duration(Duration::new(u64::from(u32::MAX), 999_999_999)),
        Value::Duration(Duration::new(0, 1)),
        Value::Datetime(Datetime::from_timestamp(-1, 1).unwrap()),
        Value::Datetime(Datetime::from_timestamp(253_402_300_799, 999_999_999).unwrap()),
        Value::Datetime(Datetime::from_timestamp(-62_135_596_800, 0).unwrap()),
        Value::Uuid(uuid),
        Value::Table(Table::new("a table")),
        Value::Regex(Regex::from_str("a+/b").unwrap()),
        Value::File(File { bucket: "b".into(), key: "/k".into() }),
        key(RecordIdKey::Number(-1)),
        key(RecordIdKey::String("1".into())),
        key(RecordIdKey::Uuid(uuid)),
        key(RecordIdKey::Array(Array::from(vec![int(1), Value::None, string("x")]))),
        key(RecordIdKey::Object(object(&[("$rid", int(1))]))),
        key(RecordIdKey::Range(Box::new(RecordIdKeyRange::from((
            Bound::Excluded(RecordIdKey::Number(1)),
            Bound::Unbounded,
        ))))),
        Value::Range(Box::new(Range {
            start: Bound::Included(Value::None),
            end: Bound::Excluded(Value::Range(Box::new(Range {
                start: Bound::Unbounded,
                end: Bound::Included(float(2.0)),
            }))),
        })),
        Value::Set(Set::from(vec![int(1), string("1"), Value::Null])),
        Value::Set(Set::new()),
        Value::Array(Array::from(vec![Value::Array(Array::new()), Value::None, Value::Null])),
        Value::Object(Object::new()),
        Value::Object(object(&[("", Value::None), ("a", Value::Null)])),
        Value::Object(object(&[("$rid", string("person:1"))])),
        Value::Object(object(&[("$obj", Value::Object(object(&[("$none", Value::Null)])))])),
        Value::Object(object(&[("$set", Value::Array(Array::new())), ("x", int(1))])),
        Value::Object(object(&[("#", int(1)), ("$", int(2)), ("%", int(3))])),
        geometry("Point", "[1.5,-2.5]"),
        geometry("LineString", "[[1.0,2.0],[3.0,4.0]]"),
        geometry("Polygon", "[[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,0.0]]]"),
        geometry("MultiPoint", "[[1.0,2.0],[3.0,4.0]]"),
        geometry("MultiLineString", "[[[1.0,2.0],[3.0,4.0]]]"),
        geometry("MultiPolygon", "[[[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,0.0]]]]"),
        geometry(
            "GeometryCollection",
            r#"[{"type":"Point","coordinates":[1.0,2.0]},{"type":"GeometryCollection","geometries":[]}]"#,
        ),
    ]
}

#[test]
fn every_kind_comes_back_equal() {
    for value in every_kind() {
        assert_round_trip(value);
    }
}

#[test]
fn every_kind_comes_back_equal_from_inside_others() {
    for value in every_kind() {
        assert_round_trip(Value::Array(Array::from(vec![value.clone(), value.clone()])));
        assert_round_trip(Value::Object(object(&[("$dollar", value.clone()), ("b", value)])));
    }
}

#[test]
fn the_sign_of_zero_and_not_a_number_survive() {
    let zero = decode(json(&float(-0.0)).as_bytes()).unwrap();
    let Value::Number(Number::Float(zero)) = zero else { panic!("{zero:?}") };
    assert!(zero == 0.0 && zero.is_sign_negative());
    let nan = decode(json(&float(f64::NAN)).as_bytes()).unwrap();
    assert!(matches!(nan, Value::Number(Number::Float(nan)) if nan.is_nan()));
}

#[test]
fn plain_values_are_plain_json() {
    let plain = r#"{"a":[1,1.0,"x",true,null],"b":{}}"#;
    assert_eq!(json(&decode(plain.as_bytes()).unwrap()), plain);
}

#[test]
fn what_is_not_of_the_format_is_refused() {
    for bad in [
        "",
        "{",
        "[1,]",
        "1 2",
        r#"{"$unknown":1}"#,
        r#"{"$none":1}"#,
        r#"{"$rid":["person"]}"#,
        r#"{"$rid":["person",1.5]}"#,
        r#"{"$rid":["person",1],"x":1}"#,
        r#"{"x":1,"$rid":["person",1]}"#,
        r#"{"$dt":[0,1000000000]}"#,
        r#"{"$dt":[9223372036854775807,0]}"#,
        r#"{"$dur":[-1,0]}"#,
        r#"{"$dec":"1e99"}"#,
        r#"{"$uuid":"no"}"#,
        r#"{"$bytes":"%"}"#,
        r#"{"$regex":"("}"#,
        r#"{"$range":[1,2]}"#,
        r#"{"$geo":{"type":"Circle"}}"#,
        "18446744073709551615",
        "\"\\ud800\"",
        "\"\u{1}\"",
    ] {
        assert!(decode(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(decode(b"\"\xff\"").is_err());
}

#[test]
fn absurd_nesting_is_an_error_both_ways() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    assert!(decode(deep.as_bytes()).is_err());

    let nest = |levels| (0..levels).fold(Value::None, |v, _| Value::Array(Array::from(vec![v])));
    assert_eq!(encode(&nest(MAX_DEPTH), &mut Vec::new()), Ok(()));
    assert_eq!(encode(&nest(MAX_DEPTH + 1), &mut Vec::new()), Err(TooDeep));
}
