//! The records of RocksDB's logs and manifests.
//!
//! Both are a row of blocks of 32 KiB, and in them physical records: a masked
//! CRC-32C of all behind it, a length (two bytes), a type (one byte), and the
//! bytes. A record that does not fit into its block goes on in the next. (See
//! RocksDB's `db/log_format.h`, whose format is fixed.)
//!
//! Here is the line between what a crash leaves and what it never does. A
//! program that is killed leaves a file that ends early. A loss of power
//! leaves a file that ends early, or stretches that were never written, which
//! read as zeros. A record that is all there and does not match its checksum
//! is neither.

use std::io::{self, ErrorKind, Read};

use crate::crc32c::Crc;

mod stops;

pub(crate) use stops::step_over_stops;

const BLOCK: usize = 32 * 1024;
const HEADER: usize = 7;
/// A disk writes sectors: one that it did not write is zeros.
const SECTOR: usize = 512;
/// So many zeros at a record's end are no chance.
const ZEROS_AT_END: usize = 8;

const FULL: u8 = 1;
const FIRST: u8 = 2;
const MIDDLE: u8 = 3;
const LAST: u8 = 4;
/// What RocksDB says of the log itself, in records of their own.
const NOTES: [u8; 5] = [9, 10, 11, 130, 131];
/// What is compressed is not read here.
const COMPRESSION: u8 = 9;

/// How a file of records ends.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum End {
    /// After a whole record.
    Whole,
    /// As a crash leaves it, this many bytes after its beginning; and how many
    /// records there are behind.
    Torn(u64, usize),
    /// No crash leaves it so.
    Damaged(u64, &'static str),
    /// In records that cannot be read here.
    Foreign,
}

/// Reads the records in `source` to its end, or to where they end early.
///
/// # Errors
///
/// When `source` cannot be read.
pub(crate) fn read(mut source: impl Read, mut each: impl FnMut(&[u8])) -> io::Result<End> {
    let mut block = vec![0; BLOCK];
    let mut record = Vec::new();
    // Where the record began that is not yet whole.
    let mut begun: Option<u64> = None;
    let mut start = 0;
    loop {
        let length = fill(&mut source, &mut block)?;
        let is_last = length < BLOCK;
        let mut at = 0;
        while length - at >= HEADER {
            let offset = start + at as u64;
            let piece = match physical(&block[..length], at, is_last) {
                Piece::Record { kind, size, bytes } => {
                    at += size;
                    (kind, bytes)
                }
                Piece::Torn => {
                    let behind = records_in(&block[at..length]) + records_behind(&mut source)?;
                    return Ok(End::Torn(begun.unwrap_or(offset), behind));
                }
                Piece::Unlike => {
                    // Old content of the disk, perhaps: but then nothing follows.
                    let behind = records_in(&block[at..length]) + records_behind(&mut source)?;
                    return Ok(if behind > 0 {
                        End::Damaged(offset, "a record cannot be read, and others follow")
                    } else {
                        End::Torn(begun.unwrap_or(offset), 0)
                    });
                }
                Piece::Damaged(what) => return Ok(End::Damaged(offset, what)),
            };
            match (piece, begun) {
                ((FULL, bytes), None) => each(bytes),
                ((FIRST, bytes), None) => {
                    begun = Some(offset);
                    record.clear();
                    record.extend_from_slice(bytes);
                }
                ((MIDDLE, bytes), Some(_)) => record.extend_from_slice(bytes),
                ((LAST, bytes), Some(_)) => {
                    record.extend_from_slice(bytes);
                    each(&record);
                    begun = None;
                }
                ((COMPRESSION, _), _) => return Ok(End::Foreign),
                ((kind, _), None) if NOTES.contains(&kind) || kind >= 0x80 => {}
                ((FULL | FIRST, _), Some(offset)) => {
                    return Ok(End::Damaged(offset, "a record has no end"));
                }
                ((MIDDLE | LAST, _), None) => {
                    return Ok(End::Damaged(offset, "a record has no beginning"));
                }
                _ => return Ok(End::Foreign),
            }
        }
        if is_last {
            // Fewer bytes than a header has: it was being written.
            return Ok(match begun {
                Some(offset) => End::Torn(offset, 0),
                None if at < length => End::Torn(start + at as u64, 0),
                None => End::Whole,
            });
        }
        start += length as u64;
    }
}

enum Piece<'a> {
    Record {
        kind: u8,
        size: usize,
        bytes: &'a [u8],
    },
    Torn,
    Damaged(&'static str),
    /// It looks like no record, not even like one that was one.
    Unlike,
}

/// The physical record at `at` in `block`, which the file ends in if it
/// `is_last`.
fn physical(block: &[u8], at: usize, is_last: bool) -> Piece<'_> {
    let (header, body) = block[at..].split_at(HEADER);
    if header.iter().all(|byte| *byte == 0) {
        return Piece::Torn; // Never written.
    }
    let stored = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    let length = usize::from(u16::from_le_bytes([header[4], header[5]]));
    let kind = header[6];
    let of_kind = |kind: u8| Crc::new().add(&[kind]);
    if let Some(bytes) = body.get(..length) {
        let summed = of_kind(kind).add(bytes);
        if summed.masked() == stored {
            return Piece::Record { kind, size: HEADER + length, bytes };
        }
        // The type is a byte of the checksum.
        if summed.is_one_byte_from(stored, length + 1) {
            return Piece::Damaged("a byte of a record is changed");
        }
        if one_byte_apart(summed.masked(), stored) {
            return Piece::Damaged("a record's checksum is changed");
        }
    }
    if has_length(of_kind(kind), body, stored) {
        return Piece::Damaged("a record's length is changed");
    }
    let end = at + HEADER + length;
    if end > block.len() && is_last || was_never_written(block, at, end.min(block.len())) {
        return Piece::Torn;
    }
    if end <= block.len() && (FULL..=LAST).contains(&kind) {
        return Piece::Damaged("a record does not match its checksum");
    }
    Piece::Unlike
}

fn one_byte_apart(one: u32, other: u32) -> bool {
    let apart = (one ^ other).to_le_bytes();
    apart.iter().filter(|byte| **byte != 0).count() == 1
}

/// Whether a part of the record from `at` to `end` in `block` was never written
/// while what is around it was: a sector of zeros in it, or more zeros at its end
/// than there are by chance.
fn was_never_written(block: &[u8], at: usize, end: usize) -> bool {
    block[at..end].iter().rev().take_while(|byte| **byte == 0).count() >= ZEROS_AT_END
        || (at.div_ceil(SECTOR)..end / SECTOR)
            .any(|sector| block[sector * SECTOR..][..SECTOR].iter().all(|byte| *byte == 0))
}

/// Whether some length of `body` has the checksum `stored`: then the length
/// that was read is wrong, and the record all there.
fn has_length(mut crc: Crc, body: &[u8], stored: u32) -> bool {
    crc.masked() == stored
        || body.iter().any(|byte| {
            crc = crc.add(std::slice::from_ref(byte));
            crc.masked() == stored
        })
}

/// How many records begin in the blocks that `source` has left.
fn records_behind(source: &mut impl Read) -> io::Result<usize> {
    let mut block = vec![0; BLOCK];
    let mut records = 0;
    loop {
        let length = fill(source, &mut block)?;
        records += records_in(&block[..length]);
        if length < BLOCK {
            return Ok(records);
        }
    }
}

/// How many records begin in a part of a block, wherever.
fn records_in(mut rest: &[u8]) -> usize {
    let mut records = 0;
    while rest.len() >= HEADER {
        let kind = rest[HEADER - 1];
        let size = whole(rest).filter(|_| (FULL..=LAST).contains(&kind));
        records += usize::from(size.is_some() && kind <= FIRST);
        rest = &rest[size.unwrap_or(1)..];
    }
    records
}

/// The size of the physical record that `rest` of a block begins with, if it is all
/// there and matches its checksum.
fn whole(rest: &[u8]) -> Option<usize> {
    let (header, body) = rest.split_first_chunk::<HEADER>()?;
    let stored = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    let length = usize::from(u16::from_le_bytes([header[4], header[5]]));
    let matches = Crc::new().add(&header[6..]).add(body.get(..length)?).masked() == stored;
    matches.then_some(HEADER + length)
}

/// Fills `block` from `source`, as far as it goes.
fn fill(source: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < block.len() {
        match source.read(&mut block[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The bytes of `record`, to be appended to a file of `length` bytes.
pub(crate) fn framed(length: u64, mut record: &[u8]) -> Vec<u8> {
    let mut framed = Vec::new();
    let mut at = (length % BLOCK as u64) as usize;
    let mut is_first = true;
    loop {
        if BLOCK - at < HEADER {
            framed.resize(framed.len() + BLOCK - at, 0);
            at = 0;
        }
        let (piece, rest) = record.split_at(record.len().min(BLOCK - at - HEADER));
        let kind = match (is_first, rest.is_empty()) {
            (true, true) => FULL,
            (true, false) => FIRST,
            (false, false) => MIDDLE,
            (false, true) => LAST,
        };
        framed.extend(Crc::new().add(&[kind]).add(piece).masked().to_le_bytes());
        framed.extend((piece.len() as u16).to_le_bytes());
        framed.push(kind);
        framed.extend(piece);
        (is_first, record) = (false, rest);
        at += HEADER + piece.len();
        if record.is_empty() {
            return framed;
        }
    }
}

#[cfg(test)]
mod tests;
