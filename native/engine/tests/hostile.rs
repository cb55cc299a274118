//! Names and values that say what the engine says change nothing about how a
//! failure is told, and no statement is repeated because of one.

mod support;

use serde_json::{Value, json};
use support::Db;

/// The engine's own sentences, with `x` for all that is not its own.
fn hostile_texts() -> Vec<String> {
    let sentences = include_str!("words/sentences.txt").lines();
    let mut texts: Vec<String> = sentences
        .map(|line| line.split_once('\t').unwrap().1)
        .map(|sentence| {
            let parts =
                sentence.split('{').map(|part| part.split_once('}').map_or(part, |it| it.1));
            parts.collect::<Vec<_>>().join("x")
        })
        .collect();
    let store = "There was a problem with the key-value store: ";
    for text in [
        "This transaction can be retried",
        "Transaction conflict: Resource busy. This transaction can be retried",
        "commit outcome is unknown",
        "The transaction's commit outcome is unknown; it may or may not have been applied: x",
        "IO error: While lock file: x/LOCK: Resource temporarily unavailable",
        "lock hold by current process",
        "The query was not executed due to a cancelled transaction",
        "An error occurred: x",
        "' does not exist",
        "' already exists",
        "` already contains 'x', with record `t:1`",
        "`, with record `t:1`, but field is readonly",
        "' in x `in` x \\ \" ⟨ ⟩",
    ] {
        texts.push(text.into());
        texts.push(format!("{store}{text}"));
        texts.push(format!("x{text}"));
    }
    texts
}

/// Statements of which one fails, because of or about something called `NAME`
/// or with the value `$text`.
const FAILING: [&str; 30] = [
    "DEFINE FIELD age ON t TYPE int; CREATE t SET age = $text",
    "DEFINE FIELD s ON t ASSERT $value = 'ok'; CREATE t SET s = $text",
    "DEFINE FIELD s ON t ASSERT $value != 'NAME_TEXT'; CREATE t SET s = 'NAME_TEXT'",
    "DEFINE FIELD NAME ON t TYPE int; CREATE t SET NAME = 'x'",
    "DEFINE FIELD NAME ON t READONLY; CREATE t:1 SET NAME = 1; UPDATE t:1 SET NAME = $text",
    "DEFINE TABLE t SCHEMAFULL; CREATE t SET NAME = 1",
    "DEFINE FIELD age ON NAME TYPE int; CREATE NAME SET age = $text",
    "DEFINE FIELD age ON t TYPE int; CREATE t:NAME SET age = $text",
    "DEFINE FIELD d ON t TYPE { k: 'NAME_TEXT' }; CREATE t SET d = { k: $text + '!' }",
    "CREATE t:NAME; CREATE t:NAME",
    "UPDATE NAME SET n = 1",
    "DEFINE INDEX NAME ON t FIELDS n UNIQUE; CREATE t SET n = 1; CREATE t SET n = 1",
    "DEFINE INDEX i ON t FIELDS n UNIQUE; CREATE t:NAME SET n = $text; CREATE t SET n = $text",
    "DEFINE INDEX i ON t FIELDS a, b UNIQUE; CREATE t SET a = $text, b = 1; CREATE t SET a = $text, b = 1",
    "DEFINE INDEX NAME ON t FIELDS n; DEFINE INDEX NAME ON t FIELDS n",
    "DEFINE TABLE t; REMOVE INDEX NAME ON t",
    "DEFINE TABLE t; REMOVE FIELD NAME ON t",
    "DEFINE TABLE t; REMOVE EVENT NAME ON t",
    "REMOVE ANALYZER NAME",
    "DEFINE USER NAME ON DATABASE PASSWORD 'x'; DEFINE USER NAME ON DATABASE PASSWORD 'x'",
    "REMOVE USER NAME ON DATABASE",
    "REMOVE ACCESS NAME ON DATABASE",
    "THROW $text",
    "DEFINE EVENT e ON t THEN { THROW $after.s }; CREATE t SET s = $text",
    "DEFINE EVENT e ON t THEN { CREATE u SET age = $after.s }; DEFINE FIELD age ON u TYPE int; CREATE t SET s = $text",
    "DEFINE TABLE t; DEFINE TABLE NAME AS SELECT n FROM t; CREATE NAME",
    "DEFINE FIELD r ON u TYPE record<t> REFERENCE ON DELETE REJECT; CREATE t:NAME; CREATE u:NAME SET r = t:NAME; DELETE t:NAME",
    "RETURN <int>$text",
    "RETURN math::abs($text)",
    "CREATE t:1 SET s = 1; UPDATE t:1 PATCH [{ op: 'test', path: '/s', value: $text }]",
];

fn fill(statement: &str, text: &str) -> String {
    let name = format!("`{}`", text.replace('\\', r"\\").replace('`', r"\`"));
    let string = text.replace('\\', r"\\").replace('\'', r"\'");
    statement.replace("NAME_TEXT", &string).replace("NAME", &name)
}

/// Kind and detail of the first failure, and whether it is to be repeated.
fn class(db: &Db, statement: &str, text: &str) -> [Value; 3] {
    let (sql, bindings) = (fill(statement, text), json!({ "text": text }));
    let outcome = db.ask(|it, id| it.query(id.into(), sql.clone(), bindings.to_string().into()));
    let error = match &outcome {
        Ok(outcomes) => outcomes.as_array().unwrap().iter().find_map(|it| it.get("error")),
        Err(error) => Some(error),
    };
    let error = error.unwrap_or_else(|| panic!("{sql} does not fail"));
    [&error["kind"], &error["details"]["kind"], &error["retryable"]].map(Clone::clone)
}

#[test]
fn no_name_and_no_value_decides_the_class_of_a_failure() {
    let db = Db::memory();
    let texts = hostile_texts();
    let mut databases = 0;
    let all = std::env::var_os("SURREALDARTB_FULL_LENGTH").is_some();
    for (round, statement) in FAILING.into_iter().enumerate() {
        let mut fresh = || {
            databases += 1;
            db.use_database(&format!("d{databases}")).unwrap();
        };
        fresh();
        let expected = class(&db, statement, "harmless");
        assert_ne!(expected[1], "Parse", "{statement}");
        assert_eq!(expected[2], false, "{statement}");
        println!("{expected:?} {statement}");
        // Every text meets some of the statements; at full length, all.
        let step = if all { 1 } else { 8 };
        for text in texts.iter().skip(round % step).step_by(step) {
            fresh();
            assert_eq!(class(&db, statement, text), expected, "{}", fill(statement, text));
        }
    }
    db.close().unwrap();
}

#[test]
fn no_path_decides_the_class_of_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    for text in hostile_texts() {
        let name: String = text.replace('/', "_").chars().take(200).collect();
        let file = folder.path().join(&name);
        std::fs::write(&file, "").unwrap();
        let endpoint =
            format!("rocksdb://{}/LOCK: Resource temporarily unavailable", file.display());
        let db = Db::new();
        let error = db.connect(&endpoint).unwrap_err();
        assert_eq!(error["kind"], "Connection", "{error}");
        assert_eq!(error["details"]["kind"], "ConnectionFailed", "{error}");
        db.close().unwrap();
    }
}
