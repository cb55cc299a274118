//! Any bytes are refused, or are a value that encodes to bytes which are the
//! same value.

#![no_main]

use libfuzzer_sys::fuzz_target;
use surrealdartb_codec::{EncodeError, decode, encode, encode_within};

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = decode(bytes) else { return };
    let mut json = Vec::new();
    match encode(&value, &mut json) {
        Ok(()) => {}
        // JSON has levels to spare, for the values that take more than one.
        Err(EncodeError::TooDeep) => return,
        Err(error) => panic!("{error}"),
    }
    let back = decode(&json).expect("what was encoded can be decoded");
    let mut again = Vec::new();
    encode(&back, &mut again).expect("it was encoded before");
    assert_eq!(json, again);

    let limit = json.len() - 1;
    let short = encode_within(&value, &mut Vec::new(), limit);
    assert_eq!(short, Err(EncodeError::TooLong(limit)));
});
