//! SurrealDB values as JSON that loses nothing.
//!
//! # Format
//!
//! `null`, booleans, integers (64 bits), finite floats (always with a point or
//! an exponent), strings, arrays and objects stand for themselves. Any other
//! value is an object with one key, its tag:
//!
//! | value | JSON |
//! |---|---|
//! | NONE | `{"$none":null}` |
//! | float that is not finite | `{"$float":"NaN"}`, `"inf"`, `"-inf"` |
//! | decimal | `{"$dec":"1.5"}`; zeros at the end are not read |
//! | bytes | `{"$bytes":"base64"}` |
//! | duration | `{"$dur":[seconds, nanoseconds]}`; seconds past 63 bits are text |
//! | datetime | `{"$dt":[seconds since 1970 in UTC, nanoseconds]}` |
//! | uuid | `{"$uuid":"…"}` |
//! | geometry | `{"$geo":GeoJSON}` |
//! | table | `{"$tb":"person"}` |
//! | record id | `{"$rid":["person", key]}`, the key being a value of this format |
//! | file | `{"$file":["bucket","/key"]}` |
//! | range | `{"$range":[bound, bound]}`, a bound being `null`, `["in", v]` or `["ex", v]` |
//! | regex | `{"$regex":"a+"}` |
//! | set | `{"$set":[…]}` |
//! | object with a key that starts with `$` | `{"$obj":{…}}` |

#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod decode;
mod encode;

pub use decode::decode;
pub use encode::{EncodeError, encode, encode_str, encode_within};

/// How many arrays, objects, sets, record ids and ranges may stand inside each
/// other, both ways. Deeper values are refused: the stack of a worker thread
/// has an end. The engine stores values of at most 256 levels
/// (`surrealdb-expr`, `MAX_VALUE_DEPTH`); the rest is for what wraps them.
pub const MAX_DEPTH: usize = 300;

/// The tags, once for both directions.
mod tag {
    pub(crate) const NONE: &str = "$none";
    pub(crate) const FLOAT: &str = "$float";
    pub(crate) const DECIMAL: &str = "$dec";
    pub(crate) const BYTES: &str = "$bytes";
    pub(crate) const DURATION: &str = "$dur";
    pub(crate) const DATETIME: &str = "$dt";
    pub(crate) const UUID: &str = "$uuid";
    pub(crate) const GEOMETRY: &str = "$geo";
    pub(crate) const TABLE: &str = "$tb";
    pub(crate) const RECORD_ID: &str = "$rid";
    pub(crate) const FILE: &str = "$file";
    pub(crate) const RANGE: &str = "$range";
    pub(crate) const REGEX: &str = "$regex";
    pub(crate) const SET: &str = "$set";
    pub(crate) const OBJECT: &str = "$obj";

    pub(crate) const INCLUDED: &str = "in";
    pub(crate) const EXCLUDED: &str = "ex";
}
