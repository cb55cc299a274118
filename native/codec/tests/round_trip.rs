//! What is encoded decodes to the same value, for every kind of value.

use std::ops::Bound;
use std::str::FromStr;

use surrealdartb_codec::{EncodeError, MAX_DEPTH, decode, encode, encode_within};
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
        Value::Number(Number::Decimal(Decimal::from_str("-1.5").unwrap())),
        string(""),
        string("quotes \" ' ` back\\slash NUL \0 newline \n emoji 🦀 \u{2028}"),
        Value::Bytes(Bytes::from(vec![])),
        Value::Bytes(Bytes::from(vec![0, 255, 128])),
        Value::Duration(Duration::new(u64::from(u32::MAX), 999_999_999)),
        Value::Duration(Duration::new(0, 1)),
        Value::Duration(Duration::new(i64::MAX as u64, 0)),
        Value::Duration(Duration::MAX),
        Value::Datetime(Datetime::from_timestamp(-1, 1).unwrap()),
        Value::Datetime(Datetime::from_timestamp(253_402_300_799, 999_999_999).unwrap()),
        Value::Datetime(Datetime::from_timestamp(-62_135_596_800, 0).unwrap()),
        Value::Datetime(Datetime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap()),
        Value::Datetime(Datetime::MIN_UTC),
        Value::Datetime(Datetime::MAX_UTC),
        Value::Uuid(uuid),
        Value::Table(Table::new("a table")),
        Value::Regex(Regex::from_str("a+/b").unwrap()),
        Value::Regex(regex::Regex::new(r"a\/b").unwrap().into()),
        Value::Regex(regex::Regex::new(r"a\\/b").unwrap().into()),
        Value::Regex(regex::Regex::new("").unwrap().into()),
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
fn a_decimal_is_read_as_surrealql_reads_it_without_zeros_at_the_end() {
    for (text, read) in [("1.50", "1.5"), ("-0.00", "0"), ("100", "100"), ("2.000", "2")] {
        for (open, close) in [("", ""), (r#"{"$rid":["t",["#, "]]}"), (r#"{"$set":["#, "]}")] {
            let nested = |digits| format!(r#"{open}{{"$dec":"{digits}"}}{close}"#);
            assert_eq!(json(&decode(nested(text).as_bytes()).unwrap()), nested(read));
        }
    }
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
        r#"{"$dt":[0,1500000000]}"#,
        r#"{"$dur":[-1,0]}"#,
        r#"{"$dur":["18446744073709551616",0]}"#,
        r#"{"$dur":[0,1000000000]}"#,
        r#"{"$obj":1}"#,
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

/// Runs `body` on a stack as small as the worker threads' smallest.
fn on_a_worker_stack(body: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(10 << 20).spawn(body).unwrap();
    thread.join().unwrap();
}

fn nest(levels: usize, wrap: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(Value::None, |inner, _| wrap(inner))
}

fn in_an_array(value: Value) -> Value {
    Value::Array(Array::from(vec![value]))
}

fn in_a_range(value: Value) -> Value {
    Value::Range(Box::new(Range { start: Bound::Unbounded, end: Bound::Included(value) }))
}

#[test]
fn nesting_up_to_the_limit_comes_back_equal() {
    on_a_worker_stack(|| {
        assert_round_trip(nest(MAX_DEPTH, in_an_array));
        assert_round_trip(nest(MAX_DEPTH, in_a_range));
        assert_round_trip(nest(MAX_DEPTH, |it| Value::Object(object(&[("$a", it)]))));
        assert_round_trip(nest(MAX_DEPTH, |it| Value::Set(Set::from(vec![it]))));
    });
}

#[test]
fn absurd_nesting_is_an_error_both_ways() {
    on_a_worker_stack(|| {
        for (open, close) in [
            ("[", "]"),
            (r#"{"a":"#, "}"),
            (r#"{"$obj":"#, "}"),
            (r#"{"$set":["#, "]}"),
            (r#"{"$range":[null,["in","#, "]]}"),
            (r#"{"$rid":["t","#, "]}"),
            (r#"{"$geo":{"type":"GeometryCollection","geometries":["#, "]}}"),
        ] {
            let deep = open.repeat(10_000) + "1" + &close.repeat(10_000);
            let error = decode(deep.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("levels deep"), "{open}: {error}");
            // Not even closed.
            assert!(decode(open.repeat(10_000).as_bytes()).is_err());
        }
        let too_deep = nest(MAX_DEPTH + 1, in_an_array);
        assert_eq!(encode(&too_deep, &mut Vec::new()), Err(EncodeError::TooDeep));
    });
}

#[test]
fn a_value_longer_than_the_limit_is_refused_soon() {
    let rows = Value::Array(Array::from(vec![string("0123456789"); 1_000]));
    let whole = json(&rows).len();
    assert_eq!(encode_within(&rows, &mut Vec::new(), whole), Ok(()));
    let mut out = Vec::new();
    assert_eq!(encode_within(&rows, &mut out, 100), Err(EncodeError::TooLong(100)));
    assert!(out.len() < 120, "{}", out.len());
    let error = encode_within(&string("12345"), &mut Vec::new(), 6);
    assert_eq!(error, Err(EncodeError::TooLong(6)));
    for long in [string(&"x".repeat(1 << 20)), Value::Bytes(vec![0_u8; 1 << 20].into())] {
        let mut out = Vec::new();
        assert_eq!(encode_within(&long, &mut out, 100), Err(EncodeError::TooLong(100)));
        assert!(out.capacity() < 1000, "{}", out.capacity());
    }
}

#[test]
fn floats_come_back_to_the_last_bit() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..100_000 {
        // xorshift64
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let number = f64::from_bits(random);
        if number.is_finite() {
            let back = decode(json(&float(number)).as_bytes()).unwrap();
            let Value::Number(Number::Float(back)) = back else { panic!("{back:?}") };
            assert_eq!(back.to_bits(), number.to_bits(), "{number:e}");
        }
    }
}
