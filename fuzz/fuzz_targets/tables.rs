//! What people write by hand (term bases, decisions, dictionaries, alignments, duizhao.toml) is
//! read or refused, and a term base that is read, written and read again is the same.
#![no_main]

use duizhao::align::{Dictionary, table};
use duizhao::clean::Decisions;
use duizhao::glossary::{read_csv, write_csv};
use duizhao::workspace::Config;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(concepts) = read_csv("fuzz.csv", bytes) {
        let again = read_csv("fuzz.csv", write_csv(&concepts).as_bytes());
        assert_eq!(again.expect("what is written is read"), concepts);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = Decisions::parse("fuzz.repairs.toml", text);
    let _ = Dictionary::read("fuzz.u8", text);
    let _ = Config::parse(text);
    if let Ok(rows) = table::read_rows("fuzz.tsv", text, [5, 7]) {
        let sentences = rows.iter().map(|row| row.source.len()).sum::<usize>();
        assert_eq!(sentences, 5, "each sentence is in one row");
    }
});
