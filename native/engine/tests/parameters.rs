//! A misspelt binding is refused, and nothing else is.

mod support;

use serde_json::{Value, json};
use support::Db;

fn ask(db: &Db, text: &str, bindings: Value) -> Result<Value, Value> {
    db.ask(|it, id| it.query(id.into(), text.into(), bindings.to_string().into()))
}

#[test]
fn a_binding_that_is_not_read_beside_a_parameter_that_nobody_gives_is_refused() {
    Db::each(|db| {
        db.query("CREATE t:1 SET n = 1").unwrap();
        for (text, parameter, binding) in [
            ("SELECT * FROM t WHERE n > $min", "min", "mni"),
            ("DELETE t WHERE n < $max AND n > $min", "min", "mni"),
            ("SELECT * FROM t WHERE [n > $min][0]", "min", "mni"),
            ("SELECT * FROM t LIMIT 1 START $offset", "offset", "ofset"),
            ("RETURN 1; UPDATE t SET n = $value1", "value1", "vlaue1"),
            ("IF true { RETURN $a_b } ELSE { RETURN '$ab' } -- $ab", "a_b", "ab"),
            ("FOR $i IN 0..3 { CREATE t SET n = $i + $step }", "step", "stpe"),
            ("RETURN [1].map(|$x| $x + $yy)", "yy", "yyy"),
            ("RETURN $⟨a b⟩", "a b", "a_b"),
        ] {
            let mut bindings = json!({ binding: 1, "max": 2 });
            if !text.contains("$max") {
                bindings.as_object_mut().unwrap().remove("max");
            }
            let error = ask(db, text, bindings).expect_err(text);
            assert_eq!(error["kind"], "Validation", "{error}");
            let details = json!({ "kind": "InvalidParameter", "details": { "name": parameter } });
            assert_eq!(error["details"], details, "{error}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&format!("`${parameter}`")), "{message}");
            assert!(message.contains(&format!("`{binding}`")), "{message}");
        }
        assert_eq!(db.value("SELECT * FROM t").as_array().unwrap().len(), 1);
    });
}

#[test]
fn the_nearest_binding_is_named() {
    let db = Db::memory();
    let bindings = json!({ "limit": 1, "nmae": 2, "mni": 3 });
    let error = ask(&db, "SELECT * FROM t WHERE n > $min LIMIT $limit", bindings).unwrap_err();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("`$min`") && message.contains("`mni`"), "{message}");
    db.close().unwrap();
}

#[test]
fn what_somebody_gives_is_not() {
    Db::each(|db| {
        db.query("DEFINE PARAM $shared VALUE 1; DEFINE TABLE t; CREATE t:1").unwrap();
        db.ask(|it, id| it.set(id, br#"{"name":"kept","value":2}"#.into())).unwrap();
        for text in [
            // An unused binding alone: a field or an event may read it.
            "CREATE t",
            "RETURN $shared",
            "RETURN $kept",
            "LET $a = 1; RETURN $a",
            "FOR $a IN [1] { RETURN $a }",
            "RETURN [1].map(|$a| $a)",
            "RETURN (|$a: int| -> int { $a })(1)",
            "DEFINE FUNCTION OVERWRITE fn::f($a: int) { RETURN $a }",
            "DEFINE PARAM OVERWRITE $a VALUE 1; RETURN $a",
            "SELECT * FROM t WHERE $this.id = $auth OR $session.id = $token OR $access",
            "SELECT *, (SELECT * FROM t WHERE id = $parent.id) FROM t",
            "UPDATE t:1 SET n = 1 RETURN $before, $after",
            "DEFINE FIELD OVERWRITE f ON t VALUE $before.f OR $after.f OR $input OR $value",
            "DEFINE EVENT OVERWRITE e ON t WHEN $event = 'X' THEN { RETURN $anything }",
            "DEFINE ACCESS OVERWRITE a ON DATABASE TYPE RECORD SIGNUP (CREATE u SET e = $e)",
            "DEFINE TABLE OVERWRITE t PERMISSIONS FOR select WHERE id = $id",
            r"RETURN string::matches('a', '^a$b') OR /^$a/.is_none()",
            "RETURN 'a $b' -- $c",
        ] {
            let outcomes = ask(db, text, json!({ "other": 1 })).expect(text);
            assert!(outcomes.is_array(), "{text}: {outcomes}");
        }
        // One that nobody gives, and nothing else that could be meant.
        ask(db, "RETURN $nothing", json!({})).unwrap();
        ask(db, "RETURN [$nothing, $a]", json!({ "a": 1 })).unwrap();
        ask(db, "RETURN $⟨a⟩ + $nothing", json!({ "a": 1 })).unwrap();
    });
}
