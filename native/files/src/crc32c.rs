//! The checksum of RocksDB's log records: CRC-32C, masked.

/// Eight bytes at a time: `TABLES[k][b]` is the checksum of the byte `b` with
/// `k` zeros behind it.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ POLYNOMIAL } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before >> 8 ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// A checksum under way.
#[derive(Clone, Copy)]
pub(crate) struct Crc(u32);

impl Crc {
    pub(crate) const fn new() -> Self {
        Self(u32::MAX)
    }

    pub(crate) fn add(self, bytes: &[u8]) -> Self {
        let mut crc = self.0;
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            let low = crc ^ u32::from_le_bytes([eight[0], eight[1], eight[2], eight[3]]);
            crc = TABLES[7][(low & 0xff) as usize]
                ^ TABLES[6][(low >> 8 & 0xff) as usize]
                ^ TABLES[5][(low >> 16 & 0xff) as usize]
                ^ TABLES[4][(low >> 24) as usize]
                ^ TABLES[3][eight[4] as usize]
                ^ TABLES[2][eight[5] as usize]
                ^ TABLES[1][eight[6] as usize]
                ^ TABLES[0][eight[7] as usize];
        }
        for byte in rest {
            crc = crc >> 8 ^ TABLES[0][((crc ^ u32::from(*byte)) & 0xff) as usize];
        }
        Self(crc)
    }

    /// As RocksDB stores it: turned and moved, so that the checksum of bytes
    /// that hold checksums is a good one.
    pub(crate) fn masked(self) -> u32 {
        (!self.0).rotate_right(15).wrapping_add(0xa282_ead8)
    }

    /// Whether one changed byte, of the `length` last ones that were added, is
    /// why this is not the checksum that is stored as `masked`.
    ///
    /// The difference of two checksums depends on the difference of the bytes
    /// alone: it is followed back, byte by byte, to where it came in.
    pub(crate) fn is_one_byte_from(self, masked: u32, length: usize) -> bool {
        let stored = !masked.wrapping_sub(0xa282_ead8).rotate_left(15);
        let mut difference = self.0 ^ stored;
        for _ in 0..length {
            let byte = BY_HIGH_BYTE[(difference >> 24) as usize];
            difference ^= TABLES[0][byte as usize];
            if difference == 0 {
                return true;
            }
            difference = difference << 8 | u32::from(byte);
        }
        false
    }
}

/// Which entry of the first table has this high byte: each one has another.
static BY_HIGH_BYTE: [u8; 256] = {
    let table = tables()[0];
    let mut found = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        found[(table[byte] >> 24) as usize] = byte as u8;
        byte += 1;
    }
    found
};

#[cfg(test)]
mod tests {
    use super::*;

    /// From RFC 3720, B.4, and RocksDB's own tests.
    #[test]
    fn checksums_are_those_of_the_standard() {
        let plain = |bytes: &[u8]| !Crc::new().add(bytes).0;
        assert_eq!(plain(&[0; 32]), 0x8a91_36aa);
        assert_eq!(plain(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(plain(b"123456789"), 0xe306_9283);
        let parts = Crc::new().add(b"1234").add(b"56789");
        assert_eq!(parts.masked(), Crc::new().add(b"123456789").masked());
    }

    #[test]
    fn one_changed_byte_is_recognised_wherever_it_is_and_two_are_not() {
        let bytes: Vec<u8> = (0..200u8).collect();
        let stored = Crc::new().add(&bytes).masked();
        for at in 0..bytes.len() {
            for change in [1, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                assert!(Crc::new().add(&changed).is_one_byte_from(stored, bytes.len()));
                changed[(at + 50) % 200] ^= 0x10;
                assert!(!Crc::new().add(&changed).is_one_byte_from(stored, bytes.len()));
            }
        }
    }
}
