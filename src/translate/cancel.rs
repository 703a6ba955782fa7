//! The user's wish to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that asks a run to stop: nothing new is sent, what is in flight is waited for and
/// saved. Clones are the same switch.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Cancel {
    /// Asks to stop. Asking twice is asking once.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody has asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody asks to stop.
    pub async fn cancelled(&self) {
        let mut switch = self.0.subscribe();
        // The sender lives in `self`, so waiting can't fail.
        let _ = switch.wait_for(|&stop| stop).await;
    }
}
