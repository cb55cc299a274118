//! The sentences of the engine (3.3.5) that are read, see `words.rs`.

/// Where the engine's own words stand in a sentence.
pub(crate) enum Ends {
    /// It is all theirs, and about this.
    Whole(&'static str, Option<&'static str>),
    /// It begins so, as no other does.
    Begin(&'static str),
    /// It begins and ends so, as no other does.
    Both(&'static str, &'static str),
}

/// A sentence, and what it means.
pub(crate) struct Sentence {
    pub(crate) ends: Ends,
    pub(crate) kind: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) name: Name,
}

/// What is told as the name.
pub(crate) enum Name {
    /// Nothing.
    None,
    /// All that stands between the ends.
    All,
    /// What stands between the beginning and this.
    Until(&'static str),
}

const fn whole(
    text: &'static str,
    kind: &'static str,
    detail: &'static str,
    name: Option<&'static str>,
) -> Sentence {
    Sentence { ends: Ends::Whole(text, name), kind, detail, name: Name::None }
}

const fn begin(
    begin: &'static str,
    kind: &'static str,
    detail: &'static str,
    name: Name,
) -> Sentence {
    Sentence { ends: Ends::Begin(begin), kind, detail, name }
}

const fn both(
    begin: &'static str,
    end: &'static str,
    kind: &'static str,
    detail: &'static str,
    name: Name,
) -> Sentence {
    Sentence { ends: Ends::Both(begin, end), kind, detail, name }
}

const VIEW: &str = "` table, as it is a view (defined with `AS SELECT`); view tables are read-only \
                    and their records are computed from the source query";

/// Those that stand for themselves.
pub(crate) const SENTENCES: &[Sentence] = &[
    // What a statement found.
    whole(
        "Expected a single result output when using the ONLY keyword",
        "Validation",
        "NotSingle",
        None,
    ),
    both("Cannot write to the `", VIEW, "Validation", "View", Name::All),
    both(
        "Cannot delete `",
        "` with an ON DELETE REJECT clause",
        "Validation",
        "Referenced",
        Name::Until("` as it is referenced by `"),
    ),
    both(
        "The analyzer '",
        "' and cannot be removed",
        "Validation",
        "Referenced",
        Name::Until("' is in use by index '"),
    ),
    both(
        "Invalid query: Cannot delete table `",
        "` are defined as a view on this table.",
        "Validation",
        "Referenced",
        Name::Until("` on which a view is defined"),
    ),
    both("Database index `", "` is currently building", "Query", "IndexBuilding", Name::All),
    both("Database index `", "`", "AlreadyExists", "Index", Name::Until("` already contains ")),
    begin("Couldn't coerce value for field `", "Validation", "Field", Name::Until("` of `")),
    begin("Found record: `", "Validation", "Relation", Name::Until("` which is ")),
    // What it was given.
    begin("Could not cast into `", "Validation", "Cast", Name::Until("`")),
    begin("Expected `", "Validation", "Coerce", Name::Until("` but found ")),
    begin("Tried to set `$", "Validation", "Coerce", Name::Until("`, but couldn't coerce value: ")),
    begin(
        "Couldn't coerce return value from function `",
        "Validation",
        "Coerce",
        Name::Until("`: "),
    ),
    begin("Incorrect arguments for function ", "Validation", "Arguments", Name::Until("()")),
    begin("Incorrect arguments for method ", "Validation", "Arguments", Name::Until("()")),
    begin("Given test operation failed for JSON Patch. ", "Validation", "PatchTest", Name::None),
    begin("Cannot execute KILL statement using id: ", "NotFound", "LiveQuery", Name::All),
    begin("Cannot execute CREATE statement ", "Validation", "Target", Name::None),
    begin("Cannot execute INSERT statement ", "Validation", "Target", Name::None),
    begin("Cannot execute UPDATE statement ", "Validation", "Target", Name::None),
    begin("Cannot execute UPSERT statement ", "Validation", "Target", Name::None),
    begin("Cannot execute DELETE statement ", "Validation", "Target", Name::None),
    begin("Cannot execute RELATE statement ", "Validation", "Target", Name::None),
    both(
        "Found ",
        " for the Record ID but this is not a valid id",
        "Validation",
        "RecordId",
        Name::None,
    ),
    both(
        "Found ",
        " for the `id` field, but a specific record has been specified",
        "Validation",
        "RecordId",
        Name::None,
    ),
    both(
        "Found ",
        " but the LIMIT clause must evaluate to a positive integer",
        "Validation",
        "Limit",
        Name::None,
    ),
    both(
        "Found ",
        " but the START clause must evaluate to a positive integer",
        "Validation",
        "Limit",
        Name::None,
    ),
    begin("LIMIT must be a non-negative integer: ", "Validation", "Limit", Name::None),
    begin("START must be a non-negative integer: ", "Validation", "Limit", Name::None),
    begin("LIMIT/START must be a", "Validation", "Limit", Name::None),
    begin(
        "There was no suitable index supporting the expression: ",
        "Validation",
        "NoIndex",
        Name::None,
    ),
    both(
        "Analyzer '",
        "' does not exist",
        "NotFound",
        "Analyzer",
        Name::Until("' not found: The analyzer '"),
    ),
    // What it may not do, or cannot do here.
    whole(
        "Invalid statement: Cannot COMMIT without starting a transaction",
        "Query",
        "NoTransaction",
        None,
    ),
    whole(
        "Invalid statement: Cannot CANCEL without starting a transaction",
        "Query",
        "NoTransaction",
        None,
    ),
    whole(
        "A user generated conversion error occured: Closures cannot be stored on disk",
        "Serialization",
        "Closure",
        None,
    ),
    whole(
        "There was a problem with the key-value store: The underlying datastore does not support \
         versioned queries",
        "Configuration",
        "NotAvailable",
        Some("versions"),
    ),
    begin("You don't have permission to ", "NotAllowed", "Permission", Name::None),
    begin(
        "The root access grant '",
        "NotFound",
        "AccessGrant",
        Name::Until("' does not exist for '"),
    ),
    begin("The access grant '", "NotFound", "AccessGrant", Name::Until("' does not exist for '")),
    whole("The access method does not exist", "NotFound", "AccessMethod", None),
    whole(
        "Reached excessive computation depth due to functions, subqueries, or computed values",
        "Query",
        "ComputationDepth",
        None,
    ),
    whole("Closure values cannot be converted to public value", "Serialization", "Closure", None),
    whole(
        "Remote HTTP request functions are not enabled",
        "Configuration",
        "NotAvailable",
        Some("http"),
    ),
    whole(
        "Problem with embedded script function. Embedded functions are not enabled.",
        "Configuration",
        "NotAvailable",
        Some("scripting"),
    ),
    whole(
        "Problem with machine learning computation. Machine learning computation is not enabled.",
        "Configuration",
        "NotAvailable",
        Some("ml"),
    ),
];

/// How sentences end that begin with `Found ` and a value, and are not about a
/// field of a schema. No condition of a field, which is SurrealQL, ends so.
pub(crate) const NOT_FIELDS: &[&str] = &[
    " on FETCH CLAUSE, but FETCH expects an idiom, a string or fields",
    " but the LIMIT clause must evaluate to a positive integer",
    " but the START clause must evaluate to a positive integer",
    " for the Record ID but this is not a valid id",
    " for the Record ID but this is not a valid table name",
    " for the `id` field, but a specific record has been specified",
    " field, which does not match the existing field value",
    ".",
];

/// How sentences end that say whether something is there.
pub(crate) const EITHER: [(&str, &str); 2] =
    [("NotFound", " does not exist"), ("AlreadyExists", " already exists")];

/// Of what they say so: what stands before the name, behind `The `, and after
/// it; and the detail's kind.
pub(crate) const EXISTENCE: &[(&str, &str, &str)] = &[
    ("analyzer '", "'", "Analyzer"),
    ("api '", "'", "Api"),
    ("bucket '", "'", "Bucket"),
    ("config for ", "", "Config"),
    ("event '", "'", "Event"),
    ("field '", "'", "Field"),
    ("function '", "'", "Function"),
    ("index '", "'", "Index"),
    ("model '", "'", "Model"),
    ("module '", "'", "Module"),
    ("node '", "'", "Node"),
    ("param '$", "'", "Param"),
    ("root access method '", "'", "RootAccessMethod"),
    ("root user '", "'", "RootUser"),
    ("sequence '", "'", "Sequence"),
];
