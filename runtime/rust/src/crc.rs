//! CRC-32 (the reflected polynomial 0xEDB88320, as in zip and PNG), sixteen bytes a step.

const STEP: usize = 16;

const fn tables() -> [[u32; 256]; STEP] {
    let mut tables = [[0_u32; 256]; STEP];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < STEP {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

static TABLES: [[u32; 256]; STEP] = tables();

/// A checksum that is fed piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct Crc(u32);

impl Default for Crc {
    fn default() -> Self {
        Self::new()
    }
}

impl Crc {
    /// Of no bytes.
    #[must_use]
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// With these bytes behind the ones before.
    #[must_use]
    pub fn with(self, bytes: &[u8]) -> Self {
        let mut crc = self.0;
        let (chunks, rest) = bytes.as_chunks::<STEP>();
        for chunk in chunks {
            let first = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]) ^ crc;
            let head = first.to_le_bytes();
            let mut next = 0;
            for (i, byte) in chunk.iter().enumerate() {
                let byte = if i < 4 { head[i] } else { *byte };
                next ^= TABLES[STEP - 1 - i][usize::from(byte)];
            }
            crc = next;
        }
        for byte in rest {
            crc = (crc >> 8) ^ TABLES[0][usize::from(crc.to_le_bytes()[0] ^ byte)];
        }
        Self(crc)
    }

    /// The checksum.
    #[must_use]
    pub const fn value(self) -> u32 {
        !self.0
    }
}

/// The checksum of a whole table: every byte but those of the checksum itself.
#[must_use]
pub fn of_table(bytes: &[u8]) -> u32 {
    let at = crate::layout::header::CRC;
    let head = bytes.get(..at).unwrap_or(bytes);
    let rest = bytes.get(at + 4..).unwrap_or(&[]);
    Crc::new().with(head).with(rest).value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_is_the_published_one() {
        assert_eq!(Crc::new().with(b"123456789").value(), 0xcbf4_3926);
    }

    #[test]
    fn pieces_and_whole_agree() {
        let mut bytes = [0_u8; 100];
        for (byte, value) in bytes.iter_mut().zip(0_u8..) {
            *byte = value.wrapping_mul(37);
        }
        for cut in 0..bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(Crc::new().with(left).with(right).value(), Crc::new().with(&bytes).value());
        }
    }
}
