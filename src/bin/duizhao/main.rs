//! The command line of duizhao.
fn main() {}
