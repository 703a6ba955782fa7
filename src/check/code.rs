//! Inline codes: those of the source, each once.

use super::{Pair, Sink};
use crate::model::ContentError;

pub(super) fn check(pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let Some((source, target)) = pair.contents else {
        return;
    };
    if let Err(error) = target.check_codes(source) {
        let rule = match error {
            ContentError::Missing(_) => "code.missing",
            ContentError::Unknown(_) => "code.unknown",
            ContentError::Unpaired(_) => "code.unpaired",
        };
        sink.whole(rule, error.to_string());
    }
}
