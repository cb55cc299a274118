//! Texts that the engine is not given.

use surrealdartb_store::{Grammar, Resource, Script};

/// Whether `text` is refused for its paths. (The engine has bounds of its own.)
fn is_refused(text: &str) -> bool {
    let mut json = Vec::new();
    if let Err(failure) = Script::parse(text) {
        failure.encode("query", &mut json);
    }
    String::from_utf8(json).unwrap().contains("a path of the text has more than")
}

/// Paths: what begins one, what a part begins with, and what it ends with.
const PATHS: [(&str, &str, &str); 19] = [
    ("a:1", "->b", ""),
    ("a:1", "<-b", ""),
    ("a:1", " <-> b", ""),
    ("a:1", "<~b", ""),
    ("a:1", "->(b WHERE c)", ""),
    ("{}", ".b", ""),
    ("{}", ".?.b", ""),
    ("{}", ".b[0]->(c WHERE d)", ""),
    ("{}", "[WHERE b]", ""),
    ("{}", ".*...", ""),
    ("{}", ".{ a }", ""),
    ("{}.b", ".len()", ""),
    ("{}", ".{ a", " }"),
    ("{}.a", ".{1}(.b", ")"),
    ("{}.⟨it's⟩", ".`say \"a\"`.b", ""),
    ("{}./* ' */a", ".⟨'⟩.b -- \"\n", ""),
    ("[/a'b/].a", ".b", ""),
    ("[1 / a, ' / '].a", ".b", ""),
    ("[';'].a", "->`;`", ""),
];

/// Where a path can stand.
const PLACES: [&str; 43] = [
    "RETURN @",
    "RETURN [1, { a: @ }]",
    "RETURN t:[@]",
    "RETURN t:{ a: @ }",
    "RETURN t:1..[@]",
    "RETURN a->(b WHERE @)",
    "RETURN a->(SELECT @ FROM b)",
    "RETURN a.b[@]",
    "RETURN a.{ b: @ }",
    "RETURN a.b(@)",
    "RETURN fn::a(@)",
    "RETURN |$x| @",
    "SELECT @ FROM t",
    "SELECT VALUE @ FROM t",
    "SELECT * FROM @",
    "SELECT * FROM t WHERE @",
    "SELECT * FROM t LIMIT @",
    "EXPLAIN SELECT @ FROM t",
    "CREATE t SET a = @",
    "CREATE t CONTENT @",
    "UPDATE t SET a = @ WHERE b",
    "UPDATE t PATCH @",
    "UPDATE t RETURN @",
    "DELETE t WHERE @",
    "INSERT INTO t { a: @ }",
    "INSERT INTO t (a) VALUES (@)",
    "LIVE SELECT @ FROM t",
    "LET $x = @",
    "FOR $i IN @ {}",
    "IF @ { 1 }",
    "IF false { 1 } ELSE { @ }",
    "THROW @",
    "BEGIN; RETURN @; COMMIT",
    "DEFINE FIELD a ON t VALUE @",
    "DEFINE FIELD a ON t ASSERT @",
    "DEFINE FIELD a ON t COMPUTED @",
    "DEFINE EVENT a ON t WHEN @ THEN 1",
    "DEFINE EVENT a ON t THEN @",
    "DEFINE TABLE t PERMISSIONS FOR select WHERE @",
    "DEFINE TABLE v AS SELECT @ FROM t WHERE a",
    "DEFINE TABLE v AS SELECT 1 FROM t WHERE @",
    "DEFINE FUNCTION fn::a() { @ }",
    "DEFINE PARAM $a VALUE @",
];

/// Where only plain paths can stand.
const PLAIN_PLACES: [&str; 14] = [
    "SELECT * OMIT @ FROM t",
    "SELECT * FROM t FETCH @",
    "RETURN 1 FETCH @",
    "SELECT 1 AS @ FROM t",
    "SELECT * FROM t SPLIT @",
    "SELECT * FROM t GROUP BY @",
    "SELECT *, @ FROM t ORDER BY @",
    "CREATE t SET @ = 1",
    "UPDATE t UNSET @",
    "INSERT INTO t (a, @) VALUES (1, 2)",
    "INSERT INTO t { a: 1 } ON DUPLICATE KEY UPDATE @ = 1",
    "DEFINE FIELD @ ON t",
    "DEFINE INDEX a ON t FIELDS @",
    "REMOVE FIELD @ ON t",
];

fn endless(place: &str, (begin, open, close): (&str, &str, &str), parts: usize) -> String {
    place.replace('@', &format!("{begin}{}{}", open.repeat(parts), close.repeat(parts)))
}

#[test]
fn endless_paths_are_refused_wherever_they_stand() {
    for place in PLACES {
        for path in PATHS {
            // What the engine cannot read anyway it need not be protected from.
            if Script::parse(endless(place, path, 2)).is_ok() {
                assert!(is_refused(&endless(place, path, 1100)), "{place}: {path:?}");
            }
        }
    }
    for place in PLAIN_PLACES {
        let path = ("a", ".b", "");
        assert!(Script::parse(endless(place, path, 2)).is_ok(), "{place}");
        assert!(is_refused(&endless(place, path, 1100)), "{place}");
    }
}

#[test]
fn every_kind_of_path_and_place_is_one_of_the_language() {
    for path in PATHS {
        let read = PLACES.iter().any(|place| Script::parse(endless(place, path, 2)).is_ok());
        assert!(read, "{path:?}");
    }
    for place in PLACES {
        let read = PATHS.iter().any(|path| Script::parse(endless(place, *path, 2)).is_ok());
        assert!(read, "{place}");
    }
}

#[test]
fn paths_in_brackets_of_others_count_on() {
    let inner = format!("a{}", ".b".repeat(300));
    assert!(!is_refused(&format!("RETURN [{inner}, {inner}]")));
    assert!(is_refused(&format!("RETURN {inner}[{inner}]")));
    assert!(is_refused(&format!("RETURN {inner}.{{ c: {inner} }}")));
    assert!(is_refused(&format!("RETURN {inner}->(c WHERE {inner})")));
    assert!(is_refused(&format!("RETURN {inner}.map(|$it| $it.{inner})")));
}

/// The engine's own reader would overflow the stack of this test's thread.
#[test]
fn texts_of_endless_braces_are_refused() {
    for (open, close) in
        [("{ a.", " }"), (".{1}(", ")"), ("{", "}"), ("{a:", "}"), ("{ a: b.", "}")]
    {
        for end in ["{ a }", "a"] {
            for count in [10_000, 100_000] {
                let nested = |close: &str| {
                    format!("RETURN {{}}.{}{end}{}", open.repeat(count), close.repeat(count))
                };
                for text in [nested(""), nested(close), format!("{} )", nested(close))] {
                    assert!(Script::parse(text.as_str()).is_err(), "{}", &text[..40]);
                    assert!(Resource::parse(&text[7..]).is_err(), "{}", &text[..40]);
                    assert!(
                        Script::call(&text[7..], 0, &Grammar::default()).is_err(),
                        "{}",
                        &text[..40]
                    );
                }
            }
        }
    }
}

#[test]
fn strings_that_read_as_endless_paths_are_refused() {
    let string = |path: &str, parts| format!("RETURN type::field(\"a{}\")", path.repeat(parts));
    for path in [".b", "->b", ".?.b", "[0]"] {
        assert!(is_refused(&string(path, 600)), "{path}");
        assert!(!is_refused(&string(path, 200)), "{path}");
    }
}

#[test]
fn paths_that_fan_out_too_often_are_refused() {
    for path in [".*", "[*]", "[WHERE a]", ".b.*"] {
        for text in [
            |path: String| format!("RETURN a{path}"),
            |path: String| format!("RETURN type::field(\"a{path}\")"),
            |path: String| format!("SELECT * FROM t FETCH a{path}"),
        ] {
            let fans = |count| text(path.repeat(count));
            assert!(!is_refused(&fans(16)), "{}", fans(16));
            assert!(is_refused(&fans(17)), "{}", fans(17));
        }
    }
}

#[test]
fn long_texts_of_short_paths_are_read() {
    for text in [
        format!("RETURN [{}1.5]", "1.25, ".repeat(5000)),
        format!("RETURN [{}a.b]", "a.b, ".repeat(5000)),
        "RELATE a:1->b->c:1;".repeat(2000),
        format!("RETURN 'from a{}'", "->b".repeat(5000)),
        format!("RETURN 1 /* {} */", "->b".repeat(5000)),
        format!("RETURN [{}{{}}]", "{ a: b->c->d }, ".repeat(20_000)),
        format!("RETURN {{}}{}", ".b".repeat(450)),
    ] {
        assert!(Script::parse(text.as_str()).is_ok(), "{}", &text[..60]);
    }
}
