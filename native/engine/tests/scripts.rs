//! Texts that the engine is not given.

use surrealdartb_store::Script;

/// Whether it is refused for its paths. (The engine has bounds of its own.)
fn refused(text: &str) -> bool {
    let mut json = Vec::new();
    if let Err(failure) = Script::parse(text) {
        failure.encode("query", &mut json);
    }
    String::from_utf8(json).unwrap().contains("a path of the text has more than 1000 parts")
}

#[test]
fn endless_paths_are_refused() {
    for (begin, part, end) in [
        ("RETURN a:1", "->b", ""),
        ("RETURN a:1", "<-b", ""),
        ("RETURN a:1", " <-> b", ""),
        ("RETURN {}", ".b", ""),
        ("RETURN {}", ".?.b", ""),
        ("RETURN {}", ".b[0]->(c WHERE d, e.f)", ""),
        ("RETURN {}.", "{ a.", "{ a }"),
        ("SELECT ", "->b /* , */ -- ;\n", " FROM a WHERE b"),
        ("RETURN ';' + a:1", "->`;`", ""),
    ] {
        let text = |n| format!("{begin}{}{end}", part.repeat(n));
        assert!(refused(&text(1100)), "{begin}{part}");
    }
}

#[test]
fn long_texts_of_short_paths_are_not() {
    for text in [
        format!("RETURN [{}1.5]", "1.25, ".repeat(5000)),
        format!("RETURN [{}a.b]", "a.b, ".repeat(5000)),
        "RELATE a:1->b->c:1;".repeat(2000),
        format!(
            "SELECT * FROM a WHERE {} true",
            "b.c = 1 OR d.e > 2 AND f.g IN [1.5] OR ".repeat(1500)
        ),
        format!("RETURN '{}'", "->b".repeat(5000)),
        format!("RETURN 1 /* {} */", "->b".repeat(5000)),
        format!("RETURN [{}{{}}]", "{ a: b->c->d }, ".repeat(2000)),
        format!("RETURN {}1.0", "1.0 + ".repeat(3000)),
        format!("RETURN {{}}{}", ".b".repeat(900)),
    ] {
        assert!(!refused(&text), "{}", &text[..60]);
    }
}
