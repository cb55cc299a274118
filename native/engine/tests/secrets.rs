//! What a failure shows of a text: never what may be secret in it.

mod support;

use serde_json::Value;
use support::Db;
use surrealdartb_store::Script;

/// Definitions and calls with a secret each, which stands where the braces are.
const WITH_SECRETS: [&str; 16] = [
    "DEFINE USER u ON DATABASE PASSWORD {} ROLES OWNER",
    "DEFINE USER OVERWRITE u ON ROOT PASSHASH {}",
    "DEFINE USER IF NOT EXISTS u ON NAMESPACE PASSWORD {} PASSSCRAM {} COMMENT {}",
    "ALTER USER u ON DATABASE PASSWORD {}",
    "DEFINE ACCESS a ON DATABASE TYPE JWT ALGORITHM HS512 KEY {}",
    "DEFINE ACCESS a ON DATABASE TYPE JWT ALGORITHM HS512 KEY {} WITH ISSUER KEY {}",
    "DEFINE ACCESS a ON DATABASE TYPE RECORD WITH JWT ALGORITHM HS256 KEY {} DURATION FOR TOKEN 1h",
    "DEFINE ACCESS a ON DATABASE TYPE RECORD SIGNUP (CREATE user SET pass = \
     crypto::argon2::generate({})) SIGNIN (SELECT * FROM user WHERE pass = {})",
    "ALTER ACCESS a ON DATABASE AUTHENTICATE { THROW {} }",
    "{ LET $a = 1; DEFINE USER u ON DATABASE PASSWORD {} }",
    "IF true { DEFINE ACCESS a ON DATABASE TYPE JWT ALGORITHM HS512 KEY {} }",
    "DEFINE FUNCTION fn::f() { DEFINE USER u ON DATABASE PASSWORD {} }",
    "DEFINE CONFIG GRAPHQL AUTO; DEFINE USER u ON DATABASE PASSWORD {}",
    "LET $r = /a'b/; DEFINE USER u ON DATABASE PASSWORD {}",
    "RETURN crypto::argon2::compare({}, 1)",
    "UPDATE user SET pass = crypto::bcrypt::generate({})",
];

/// Whether `told` shows a part of `secret` that is worth something.
fn shows(told: &str, secret: &str) -> bool {
    secret.as_bytes().windows(6).any(|part| told.contains(std::str::from_utf8(part).unwrap()))
}

fn secret() -> String {
    (0..16).map(|_| fastrand::alphanumeric()).collect()
}

fn one_of<T: Copy>(choices: &[T]) -> T {
    choices[fastrand::usize(..choices.len())]
}

/// `text` with other blanks, comments and other letters, and with `secret`.
fn disguised(text: &str, secret: &str, quotes: &[&str]) -> String {
    let mut disguised = String::new();
    for (index, part) in text.split("{}").enumerate() {
        if index > 0 {
            let quote = one_of(quotes);
            let inner = match fastrand::u8(..6) {
                0 => format!("é 日本 {secret}"),
                1 => format!("\\'\\\"{secret}"),
                2 => format!("; {secret} -- "),
                3 => format!("\n/* {secret} PASSWORD"),
                _ => secret.to_owned(),
            };
            disguised.push_str(&match quote {
                "" => secret.to_owned(),
                "⟨" => format!("⟨{secret}⟩"),
                "`" => format!("`{secret}`"),
                quote => format!("{quote}{inner}{}", &quote[quote.len() - 1..]),
            });
        }
        for c in part.chars() {
            match c {
                ' ' if fastrand::u8(..4) == 0 => disguised.push_str(one_of(&[
                    "\n",
                    "\t",
                    "\r\n",
                    "  ",
                    " /* a */ ",
                    " -- PASSWORD 'x\n",
                    " # it's\n",
                    "\u{a0}",
                ])),
                c if fastrand::bool() => disguised.extend(c.to_lowercase()),
                c => disguised.push(c),
            }
        }
    }
    disguised
}

/// `text` as somebody may have misspelt it.
fn broken(text: &str) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let at = one_of(&places);
    let (before, after) = text.split_at(at);
    match fastrand::u8(..8) {
        0 => format!("SELECT * FORM x; {text}"),
        1 => format!("{text} SOMETHING"),
        2 => format!("{text};\nRETURN ["),
        3 => format!("{text} '"),
        // A word too many, a character too few, or only a part.
        4 => format!("{before} = {after}"),
        5 => format!("{before}{}", after.chars().skip(1).collect::<String>()),
        6 => before.to_owned(),
        _ => format!("-- it's\n({text}"),
    }
}

fn told(text: &str) -> Option<String> {
    let failure = Script::parse(text).err()?;
    let mut json = Vec::new();
    failure.encode("query", &mut json);
    Some(String::from_utf8(json).unwrap())
}

#[test]
fn a_text_that_cannot_be_parsed_shows_no_secret() {
    fastrand::seed(11);
    let mut failed = 0;
    for round in 0..20_000 {
        let secret = secret();
        let text = WITH_SECRETS[round % WITH_SECRETS.len()];
        let text = broken(&disguised(text, &secret, &["'", "\"", "s'", "r\"", "d'", "u'", "b\""]));
        if let Some(told) = told(&text) {
            assert!(!shows(&told, &secret), "{text}\n\n{told}");
            failed += 1;
        }
    }
    assert!(failed > 10_000, "{failed}");
}

#[test]
fn a_secret_without_its_quotes_is_hidden_as_well() {
    fastrand::seed(12);
    let mut failed = 0;
    for round in 0..2_000 {
        let secret = format!("s{}", secret());
        // What defines a user or an access, at its beginning.
        let text = WITH_SECRETS[round % 7];
        let text = disguised(text, &secret, &["", "`", "⟨"]);
        // A key may be the value of a field.
        if let Some(told) = told(&text) {
            assert!(!shows(&told, &secret), "{text}\n\n{told}");
            failed += 1;
        }
    }
    assert!(failed > 1_000, "{failed}");
}

#[test]
fn what_is_shown_of_a_text_that_cannot_be_parsed_helps() {
    for (text, shown) in [
        ("SELECT * FORM person WHERE name = 'Ada'", "SELECT * FORM person WHERE name = '***'"),
        ("DEFINE USER ada ON ROOT PASSWRD 'x'", "DEFINE USER ada ON ROOT ******* '*'"),
        ("RETURN /* a note */ '日本' +;", "RETURN ** * **** ** '••' +;"),
        ("RETURN 1;\n  CREATE;", "CREATE;"),
    ] {
        let told: Value = serde_json::from_str(&told(text).unwrap()).unwrap();
        let message = told["message"].as_str().unwrap();
        assert!(message.lines().any(|line| line.ends_with(shown)), "{message}");
        assert!(message.contains('^'), "{message}");
    }
}

#[test]
fn the_statement_of_a_text_that_cannot_be_parsed_is_the_one_at_its_line() {
    for (text, statement) in [
        ("RETURN 1;\nRETURN 2;\n  CREATE;", "CREATE"),
        ("RETURN 1; RETURN [1, 2", "RETURN [1, 2"),
        ("FORM x; RETURN 1; RETURN 2", "FORM x"),
        (
            "IF true { RETURN 1; RETURN } ELSE { FORM x; }; RETURN 2",
            "IF true { RETURN 1; RETURN } ELSE { FORM x; }",
        ),
        ("RETURN ';'; RETURN 1 1; RETURN 2", "RETURN 1 1"),
        ("RETURN 1 -- ; it's\n; SELECT * FORM a -- b\n; RETURN 2", "SELECT * FORM a"),
        ("RETURN 'never ends; RETURN 2", "RETURN …"),
        ("\n\n", ""),
    ] {
        let Some(told) = told(text) else { continue };
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["statement"], statement, "{text}");
    }
    let long = format!("{}; SELECT * FORM x; {}", "RETURN 1;".repeat(500), "RETURN 2;".repeat(500));
    let told: Value = serde_json::from_str(&told(&long).unwrap()).unwrap();
    assert_eq!(told["statement"], "SELECT * FORM x");
}

#[test]
fn a_statement_that_fails_shows_no_secret() {
    fastrand::seed(13);
    let db = Db::memory();
    let mut failed = 0;
    for round in 0..96 {
        let secret = secret();
        let text = WITH_SECRETS[round % WITH_SECRETS.len()];
        let text = disguised(text, &secret, &["'", "\""]);
        // Twice, so that the second exists; alone and among others.
        let again = if fastrand::bool() { text.clone() } else { format!("{text};{text}; THROW 1") };
        for text in [text, again] {
            let outcome = db.query(&text);
            let json = match outcome {
                Ok(outcomes) => {
                    let errors = outcomes.as_array().unwrap().iter().map(|it| &it["error"]);
                    errors.filter(|it| !it.is_null()).map(Value::to_string).collect()
                }
                Err(error) => error.to_string(),
            };
            assert!(!shows(&json, &secret), "{text}\n\n{json}");
            failed += usize::from(!json.is_empty());
        }
    }
    assert!(failed > 60, "{failed}");
    db.close().unwrap();
}

#[test]
fn a_statement_without_secrets_is_shown_as_it_stands() {
    let db = Db::memory();
    for (text, statement) in [
        ("THROW   'x' -- a note", "THROW   'x'"),
        ("RETURN <int>'user' / 1 + /a'b/", "RETURN <int>'user' / 1 + /a'b/"),
        (
            "{ DEFINE USER ada ON ROOT PASSWORD 'a' ROLES OWNER; THROW 'x' }",
            "{ DEFINE USER ada ON ROOT PASSWORD '…' ROLES OWNER; THROW '…' }",
        ),
    ] {
        let outcomes = db.query(text).unwrap();
        assert_eq!(outcomes[0]["error"]["statement"], statement, "{outcomes}");
    }
    db.close().unwrap();
}
