//! Where RocksDB's reader stops for ever.
//!
//! RocksDB (11.0) has types of its own for the records of a log whose file was used before. When
//! it comes upon one in a log that does not begin so, it calls the record a bad one,
//! does not step over it, and reads it again, without end (`db/log_reader.cc`,
//! `ReadPhysicalRecord`): opening the store then never ends, and takes a processor. The engine
//! uses no log's file again. So such a byte is what the disk held before, behind the end of a
//! crash, or damage; either way nothing can be read from there on in its block.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{BLOCK, HEADER, fill, whole};

/// The types that RocksDB's reader does not step over.
const STOPS: [u8; 6] = [5, 6, 7, 8, 11, 131];

/// No record's type: a record with it does not match its checksum, and is stepped over.
const NO_TYPE: u8 = 0x7f;

/// Lets RocksDB's reader step over what it would read again and again in `file`, in the block
/// of the byte `from` and behind it, by changing the type of what is no record in any case.
/// Says whether something was changed.
///
/// # Errors
///
/// When `file` can not be read or written.
pub(crate) fn step_over_stops(
    file: &mut (impl Read + Write + Seek),
    from: u64,
) -> io::Result<bool> {
    let mut block = vec![0; BLOCK];
    file.rewind()?;
    let length = fill(file, &mut block[..HEADER])?;
    if length < HEADER || STOPS.contains(&block[HEADER - 1]) {
        return Ok(false); // A log that begins so is read to its end.
    }
    let mut start = from - from % BLOCK as u64;
    file.seek(SeekFrom::Start(start))?;
    let mut stops = Vec::new();
    loop {
        let length = fill(file, &mut block)?;
        let mut at = 0;
        while length - at >= HEADER {
            let kind = at + HEADER - 1;
            if STOPS.contains(&block[kind]) {
                stops.push(start + kind as u64);
                break;
            }
            // What does not match its checksum ends the reading of its block.
            let Some(size) = whole(&block[at..length]) else { break };
            at += size;
        }
        if length < BLOCK {
            break;
        }
        start += BLOCK as u64;
    }
    for stop in &stops {
        file.seek(SeekFrom::Start(*stop))?;
        file.write_all(&[NO_TYPE])?;
    }
    Ok(!stops.is_empty())
}
