//! No file of rules makes reading panic.
#![no_main]

use duizhao::segment::Srx;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Srx::parse("a.srx", bytes);
});
