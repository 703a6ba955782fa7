//! What was sent and has not come back.

use std::time::Instant;

use tokio::sync::mpsc;

use super::Event;
use super::lane::Batch;
use crate::translate::engine::{EngineError, Failure, Reply};

/// What is under way. Where its task ends without an answer, as by a panic, the loop is told so and
/// does not wait for ever.
pub(super) struct UnderWay {
    pub(super) sent: Option<(String, Batch, Instant)>,
    pub(super) outbox: mpsc::UnboundedSender<Event>,
}

impl UnderWay {
    pub(super) fn end(mut self, result: Result<Option<Reply>, EngineError>) {
        self.tell(result);
    }

    fn tell(&mut self, result: Result<Option<Reply>, EngineError>) {
        if let Some((name, batch, sent)) = self.sent.take() {
            // The receiver lives as long as the loop that is waited for.
            let _ = self.outbox.send(Event::Answered(name, batch, sent, result));
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.tell(Err(EngineError {
            kind: Failure::Request,
            message: "answered something that duizhao fails at; please report it".to_owned(),
            retry_after: None,
            maybe_billed: true,
        }));
    }
}
