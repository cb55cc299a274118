//! What each verb gives, on both backends.

mod support;

use serde_json::json;
use support::Db;

#[test]
fn a_record_is_created_read_updated_and_deleted() {
    Db::each(|db| {
        let created = db.create("person:john", json!({"name": "John", "age": 30})).unwrap();
        let id = json!({"$rid": ["person", "john"]});
        assert_eq!(created, json!({"id": id, "name": "John", "age": 30}));
        assert_eq!(db.select("person").unwrap(), json!([created]));
        assert_eq!(db.select("person:john").unwrap(), json!([created]));
        let updated = db.update("person:john", json!({"age": 31})).unwrap();
        assert_eq!(updated, json!({"id": id, "age": 31}));
        assert_eq!(db.delete("person:john").unwrap(), json!(null));
        assert_eq!(db.select("person:john").unwrap(), json!([]));
        assert_eq!(db.delete("person:john").unwrap(), json!(null));
    });
}

#[test]
fn a_table_gets_a_key_and_is_emptied_as_a_whole() {
    Db::each(|db| {
        for _ in 0..3 {
            let created = db.create("thing", json!({})).unwrap();
            assert!(created["id"]["$rid"][1].is_string(), "{created}");
        }
        assert_eq!(db.select("thing").unwrap().as_array().unwrap().len(), 3);
        db.delete("thing").unwrap();
        assert_eq!(db.select("thing").unwrap(), json!([]));
    });
}

#[test]
fn each_statement_of_a_query_has_its_outcome_at_its_place() {
    Db::each(|db| {
        let results = db.query("RETURN 1; THROW 'x'; LET $a = 1; RETURN $a + 1").unwrap();
        assert_eq!(results.as_array().unwrap().len(), 4);
        assert_eq!(results[0]["value"], json!(1));
        assert_eq!(results[1]["error"]["kind"], json!("Thrown"));
        assert_eq!(results[2]["value"], json!({"$none": null}));
        assert_eq!(results[3]["value"], json!(2));
        assert!(results.as_array().unwrap().iter().all(|r| r["time"].is_u64()));
    });
}

#[test]
fn bindings_are_data() {
    Db::each(|db| {
        db.create("keep", json!({"x": 1})).unwrap();
        let hostile = "'; REMOVE TABLE keep; --\0\"`⟩🦀";
        let bindings = json!({ "v": hostile }).to_string();
        let id = db.issue(|d, id| d.query(id.into(), "RETURN $v".into(), bindings.into()));
        assert_eq!(db.answer(id).unwrap()[0]["value"], json!(hostile));
        assert_eq!(db.select("keep").unwrap().as_array().unwrap().len(), 1);
    });
}

#[test]
fn hostile_names_are_data_or_refused() {
    Db::each(|db| {
        db.create("keep", json!({"x": 1})).unwrap();
        for name in ["`a; REMOVE TABLE keep`", "⟨x' OR 1⟩", "`tick\\`s`", "`new\nline`"] {
            db.create(name, json!({"x": 1})).unwrap();
            assert_eq!(db.select(name).unwrap().as_array().unwrap().len(), 1, "{name}");
            let record = format!("{name}:⟨; REMOVE TABLE keep⟩");
            db.create(&record, json!({"x": 2})).unwrap();
            assert_eq!(db.select(&record).unwrap()[0]["x"], json!(2), "{name}");
        }
        for bad in ["", "keep; REMOVE TABLE keep", "keep WHERE true", "a b", "keep:", "\0"] {
            let error = db.select(bad).unwrap_err();
            assert_eq!(error["kind"], json!("Validation"), "{bad}: {error}");
        }
        assert_eq!(db.select("keep").unwrap().as_array().unwrap().len(), 1);
    });
}

#[test]
fn failures_say_what_happened() {
    Db::each(|db| {
        let kind = |error: serde_json::Value| {
            (error["kind"].clone(), error["details"]["kind"].clone(), error["operation"].clone())
        };
        let parse_error = db.query("SELECT * FORM x").unwrap_err();
        assert_eq!(
            kind(parse_error.clone()),
            (json!("Validation"), json!("Parse"), json!("query"))
        );
        assert_eq!((&parse_error["line"], &parse_error["column"]), (&json!(1), &json!(10)));
        let message = parse_error["message"].as_str().unwrap();
        assert!(message.starts_with("Parse error: ") && message.contains("[1:10]"), "{message}");
        assert_eq!(db.select("missing").unwrap(), json!([]));
        assert_eq!(db.delete("missing").unwrap(), json!(null));
        assert_eq!(
            kind(db.update("missing:1", json!({})).unwrap_err()),
            (json!("NotFound"), json!("Table"), json!("update"))
        );
        db.create("t:1", json!({})).unwrap();
        assert_eq!(
            kind(db.create("t:1", json!({})).unwrap_err()),
            (json!("AlreadyExists"), json!("Record"), json!("create"))
        );
        assert_eq!(
            kind(db.update("t:2", json!({})).unwrap_err()),
            (json!("NotFound"), json!("Record"), json!("update"))
        );
        assert_eq!(
            kind(db.update("t", json!({})).unwrap_err()),
            (json!("Validation"), json!("InvalidParams"), json!("update"))
        );
        assert_eq!(
            kind(db.create("t", json!([])).unwrap_err()),
            (json!("Validation"), json!("InvalidContent"), json!("create"))
        );
    });
}

#[test]
fn a_thrown_text_is_no_conflict_whatever_it_says() {
    Db::each(|db| {
        let results = db.query("THROW 'This transaction can be retried'").unwrap();
        assert_eq!(results[0]["error"]["kind"], json!("Thrown"));
        assert_eq!(results[0]["error"]["retryable"], json!(false));
    });
}

#[test]
fn a_scope_holds_for_the_calls_issued_after_it() {
    Db::each(|db| {
        let mut writes = Vec::new();
        for round in 0..100 {
            let name = format!("db{}", round % 2);
            db.issue(|d, id| d.use_database(id, name));
            let sql = format!("CREATE t:{round} SET db = session::db()");
            writes.push((round, db.issue_query(&sql)));
        }
        for (round, id) in writes {
            let result = db.answer(id).unwrap();
            assert_eq!(result[0]["value"][0]["db"], json!(format!("db{}", round % 2)), "{result}");
        }
    });
}

#[test]
fn use_in_a_text_does_not_change_the_session() {
    Db::each(|db| {
        let results = db.query("USE DB other; RETURN session::db()").unwrap();
        assert_eq!(results[1]["value"], json!("other"));
        assert_eq!(db.value("RETURN session::db()"), json!("test"));
    });
}

#[test]
fn without_a_connection_every_verb_says_so() {
    let db = Db::new();
    for error in [
        db.query("RETURN 1").unwrap_err(),
        db.select("x").unwrap_err(),
        db.use_namespace("n").unwrap_err(),
    ] {
        assert_eq!(error["kind"], json!("Connection"), "{error}");
    }
    assert_eq!(db.close().unwrap(), json!(null));
}

#[test]
fn absurd_nesting_is_an_error_and_the_database_works_on() {
    Db::each(|db| {
        let deep = format!("RETURN {}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(db.query(&deep).is_err());
        let blocks = format!("RETURN {}1{}", "{".repeat(10_000), "}".repeat(10_000));
        assert!(db.query(&blocks).is_err());
        assert_eq!(db.value("RETURN 1"), json!(1));
    });
}
