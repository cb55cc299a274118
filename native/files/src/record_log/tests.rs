use super::*;

/// Records of many lengths, the bytes of a file with them, and where each ends.
fn file(seed: u64) -> (Vec<Vec<u8>>, Vec<u8>, Vec<u64>) {
    let mut random = seed;
    let mut next = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) as usize
    };
    let (mut records, mut bytes, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..120 {
        let length = if next() % 20 == 0 { next() % 90_000 } else { next() % 900 + 12 };
        // No zeros: a stretch of them stands for what was never written.
        let record: Vec<u8> = (0..length).map(|_| (next() % 255 + 1) as u8).collect();
        bytes.extend(framed(bytes.len() as u64, &record));
        ends.push(bytes.len() as u64);
        records.push(record);
    }
    (records, bytes, ends)
}

fn read_all(bytes: &[u8]) -> (Vec<Vec<u8>>, End) {
    let mut records = Vec::new();
    let end = read(bytes, |record| records.push(record.to_vec())).unwrap();
    (records, end)
}

#[test]
fn what_is_written_is_read() {
    for seed in 0..20 {
        let (records, bytes, _) = file(seed);
        assert_eq!(read_all(&bytes), (records, End::Whole));
    }
}

#[test]
fn a_file_that_ends_early_is_torn_after_its_last_whole_record() {
    let (records, bytes, ends) = file(1);
    for cut in (0..bytes.len()).step_by(611) {
        let whole = ends.iter().filter(|end| **end <= cut as u64).count();
        let (read, end) = read_all(&bytes[..cut]);
        assert_eq!(read, records[..whole], "cut at {cut}");
        assert!(!matches!(end, End::Damaged(..) | End::Foreign), "cut at {cut}: {end:?}");
    }
}

#[test]
fn a_changed_byte_is_damage_wherever_it_is() {
    let (_, bytes, _) = file(2);
    let mut dead = 0;
    for at in (0..bytes.len()).step_by(487) {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            match read_all(&changed).1 {
                End::Damaged(..) => {}
                // The rest of a block that is too short for a header.
                End::Whole => dead += 1,
                end => panic!("byte {at} ^ {change}: {end:?}"),
            }
        }
    }
    assert!(dead < 3);
}

#[test]
fn the_last_record_is_no_exception() {
    let (_, bytes, ends) = file(3);
    for at in ends[118] as usize..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(matches!(read_all(&changed).1, End::Damaged(..)), "byte {at}");
    }
}

#[test]
fn pages_that_were_never_written_are_torn_though_others_follow() {
    let (records, bytes, ends) = file(4);
    for page in [512, 4096] {
        for hole in (1..bytes.len() / page - 1).step_by(7) {
            let mut holed = bytes.clone();
            holed[hole * page..][..page].fill(0);
            let whole = ends.iter().filter(|end| **end <= (hole * page) as u64).count();
            let (read, end) = read_all(&holed);
            let End::Torn(_, behind) = end else { panic!("page {hole} of {page}: {end:?}") };
            let touched = 2 + page / 12;
            let left = records.len() - read.len();
            assert!(behind <= left && behind + touched >= left, "{behind} of {left}");
            assert!(read.starts_with(&records[..whole]));
        }
    }
}

#[test]
fn zeros_behind_the_end_are_torn_at_the_end() {
    let (records, bytes, ends) = file(5);
    for zeros in [7, 100, 4096, 100_000] {
        let mut longer = bytes.clone();
        longer.resize(bytes.len() + zeros, 0);
        assert_eq!(read_all(&longer), (records.clone(), End::Torn(ends[119], 0)));
    }
}

#[test]
fn several_changed_bytes_are_damage_when_records_follow() {
    let (_, bytes, _) = file(6);
    for at in (0..bytes.len() - 40_000).step_by(1_009) {
        let mut changed = bytes.clone();
        changed[at..at + 20].iter_mut().for_each(|byte| *byte ^= 0x55);
        assert!(matches!(read_all(&changed).1, End::Damaged(..)), "byte {at}");
    }
}

#[test]
fn old_content_of_the_disk_at_the_end_is_torn() {
    let (records, bytes, ends) = file(7);
    let garbage: Vec<u8> =
        (0..3000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x10).collect();
    let longer = [bytes, garbage].concat();
    assert_eq!(read_all(&longer), (records, End::Torn(ends[119], 0)));
}

/// What follows the records of a file, or the records of a block, in the disk's old content.
fn old_content(kind: u8) -> Vec<u8> {
    let mut bytes = vec![0x55; 40];
    bytes[4..7].copy_from_slice(&[0xfa, 0x03, kind]);
    bytes
}

#[test]
fn a_type_that_rocksdb_reads_again_and_again_is_stepped_over_and_no_other() {
    let (records, bytes, _) = file(7);
    for kind in 0..=u8::MAX {
        let torn = [bytes.clone(), old_content(kind)].concat();
        let mut stepped = io::Cursor::new(torn.clone());
        let End::Torn(at, _) = read_all(&torn).1 else { panic!("type {kind} is damage") };
        let changed = step_over_stops(&mut stepped, at).unwrap();
        let stops = [5, 6, 7, 8, 11, 131].contains(&kind);
        assert_eq!(changed, stops, "type {kind}");
        let mut expected = torn;
        if stops {
            expected[bytes.len() + 6] = 0x7f;
        }
        assert_eq!(stepped.get_ref(), &expected, "type {kind}");
        let (read, end) = read_all(stepped.get_ref());
        assert_eq!((read, end), (records.clone(), End::Torn(at, 0)));
    }
}

#[test]
fn it_is_found_in_each_block_behind_what_cannot_be_read_and_not_within_a_record() {
    let bytes: Vec<u8> = framed(0, &[5; 3 * BLOCK]);
    let mut whole = io::Cursor::new(bytes.clone());
    assert!(!step_over_stops(&mut whole, 0).unwrap());
    let mut torn = bytes;
    torn.resize(4 * BLOCK, 0x55);
    torn.extend([0x55; BLOCK / 2]);
    torn[BLOCK + 20] ^= 1; // The rest of this block is not read.
    torn[2 * BLOCK + 6] = 131;
    torn[4 * BLOCK + 6] = 8;
    let mut stepped = io::Cursor::new(torn.clone());
    assert!(step_over_stops(&mut stepped, 0).unwrap());
    (torn[2 * BLOCK + 6], torn[4 * BLOCK + 6]) = (0x7f, 0x7f);
    assert!(stepped.get_ref() == &torn);
}

#[test]
fn a_log_that_begins_with_such_a_type_is_left_alone() {
    let mut torn = io::Cursor::new(old_content(5));
    assert!(!step_over_stops(&mut torn, 0).unwrap());
    assert_eq!(torn.into_inner(), old_content(5));
}
