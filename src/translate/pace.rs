//! How fast an engine may be asked.
//!
//! Contract: never more than the limits in any sixty seconds, nothing at all before a Retry-After
//! has passed, and fewer requests at a time for a while after the service said that it was busy
//! (halved at each such answer, one more after as many good ones as are under way).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};

use super::engine::{EngineError, Failure};
use super::settings::EngineSettings;

const MINUTE: Duration = Duration::from_mins(1);
/// The first wait, at most, after a failure that does not say how long to wait; it doubles with
/// each next.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest such wait after a fault: who is down takes a while.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The longest such wait when the service is only busy: one request at a time is then under way,
/// and one in a few seconds tells when it is free again.
const LONGEST_BUSY: Duration = Duration::from_secs(4);
/// The longest wait that a service may ask for. Who asks for more is gone for this run.
pub(super) const PATIENCE: Duration = Duration::from_mins(10);

/// What one request takes of an engine's limits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    pub(super) tokens: u64,
    pub(super) characters: u64,
}

/// One engine's pace.
#[derive(Debug)]
pub(super) struct Pace {
    most: usize,
    now: usize,
    good: usize,
    held: Option<Instant>,
    /// The failures in a row; what the backoff grows with.
    streak: u32,
    limits: [Option<u64>; 3],
    window: VecDeque<(Instant, [u64; 3])>,
    /// When the number of requests at a time was last lowered: requests sent before were sent
    /// under the old number, and their failures say nothing new.
    lowered: Option<Instant>,
}

impl Pace {
    pub(super) fn new(settings: &EngineSettings, default_concurrency: usize) -> Self {
        let most = settings.concurrency.unwrap_or(default_concurrency).max(1);
        let limit = |limit: Option<u32>| limit.map(|limit| u64::from(limit.max(1)));
        Self {
            most,
            now: most,
            good: 0,
            held: None,
            streak: 0,
            limits: [
                limit(settings.requests_per_minute),
                limit(settings.tokens_per_minute),
                limit(settings.characters_per_minute),
            ],
            window: VecDeque::new(),
            lowered: None,
        }
    }

    /// Requests that may be under way at a time at most, whatever happens.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Requests that may be under way now.
    pub(super) fn at_a_time(&self) -> usize {
        self.now
    }

    /// When everything is let go again, if the service asked for a pause.
    pub(super) fn held(&self, now: Instant) -> Option<Duration> {
        self.held
            .map(|until| until.saturating_duration_since(now))
            .filter(|left| !left.is_zero())
    }

    /// When a request of this load may go out: now, or later.
    pub(super) fn ready_at(&mut self, load: Load, now: Instant) -> Instant {
        while self
            .window
            .front()
            .is_some_and(|(sent, _)| now.duration_since(*sent) >= MINUTE)
        {
            self.window.pop_front();
        }
        let mut ready = self.held.map_or(now, |until| until.max(now));
        let load = Self::units(load);
        for kind in 0..3 {
            let Some(limit) = self.limits[kind] else {
                continue;
            };
            // A request that is larger than the limit goes out alone.
            let wanted = load[kind].min(limit);
            let mut used: u64 = self.window.iter().map(|(_, units)| units[kind]).sum();
            for (sent, units) in &self.window {
                if used + wanted <= limit {
                    break;
                }
                used -= units[kind];
                ready = ready.max(*sent + MINUTE);
            }
        }
        ready
    }

    /// A request went out.
    pub(super) fn sent(&mut self, load: Load, now: Instant) {
        if self.limits.iter().any(Option::is_some) {
            self.window.push_back((now, Self::units(load)));
        }
    }

    /// A request was answered.
    pub(super) fn answered(&mut self) {
        self.streak = 0;
        self.good += 1;
        if self.good >= self.now && self.now < self.most {
            self.now += 1;
            self.good = 0;
        }
    }

    /// A request that went out at `sent` failed. Gives the time before which it must not go out
    /// again. `salt` spreads equal waits, so that requests that failed together don't come back
    /// together.
    pub(super) fn failed(
        &mut self,
        error: &EngineError,
        sent: Instant,
        now: Instant,
        salt: u64,
    ) -> Instant {
        let busy = error.kind == Failure::Busy;
        self.good = 0;
        let stale = self.lowered.is_some_and(|lowered| sent <= lowered);
        if !stale {
            self.streak = self.streak.saturating_add(1);
            if busy {
                self.now = (self.now / 2).max(1);
                self.lowered = Some(now);
            }
        }
        let wait = error.retry_after.unwrap_or_else(|| {
            let longest = if busy { LONGEST_BUSY } else { LONGEST_WAIT };
            backoff(self.streak, longest, salt)
        });
        let until = now + wait;
        if busy || error.retry_after.is_some() {
            self.held = Some(self.held.map_or(until, |held| held.max(until)));
        }
        until
    }

    fn units(load: Load) -> [u64; 3] {
        [1, load.tokens, load.characters]
    }
}

/// How long to wait after so many failures in a row: between half of a time that doubles up to
/// `longest`, and all of it. The same run waits the same times.
fn backoff(streak: u32, longest: Duration, salt: u64) -> Duration {
    let wait = ExponentialBuilder::new()
        .with_min_delay(FIRST_WAIT / 2)
        .with_max_delay(longest / 2)
        .without_max_times()
        .with_jitter()
        .with_jitter_seed(salt)
        .build()
        // The wait has stopped growing by then.
        .nth(streak.saturating_sub(1).min(16) as usize);
    wait.unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(after: Option<u64>) -> EngineError {
        EngineError {
            kind: Failure::Busy,
            message: String::new(),
            retry_after: after.map(Duration::from_millis),
            maybe_billed: false,
        }
    }

    #[test]
    fn nothing_goes_out_before_a_retry_after_has_passed() {
        let now = Instant::now();
        let mut pace = Pace::new(&EngineSettings::default(), 8);
        pace.failed(&busy(Some(2000)), now, now, 1);
        pace.failed(&busy(Some(500)), now, now, 2);
        assert_eq!(
            pace.ready_at(Load::default(), now),
            now + Duration::from_secs(2)
        );
        assert_eq!(pace.at_a_time(), 4, "requests sent before the first answer");
        for _ in 0..64 {
            pace.answered();
        }
        assert_eq!(pace.at_a_time(), 8);
    }

    #[test]
    fn no_minute_holds_more_than_the_limits() {
        let settings = EngineSettings {
            requests_per_minute: Some(3),
            characters_per_minute: Some(100),
            ..EngineSettings::default()
        };
        let mut pace = Pace::new(&settings, 8);
        let load = |characters| Load {
            tokens: 0,
            characters,
        };
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        pace.sent(load(60), at(0));
        assert_eq!(pace.ready_at(load(60), at(1)), at(60));
        assert_eq!(pace.ready_at(load(40), at(1)), at(1));
        pace.sent(load(10), at(1));
        pace.sent(load(10), at(2));
        assert_eq!(pace.ready_at(load(1), at(3)), at(60));
        assert_eq!(pace.ready_at(load(1), at(60)), at(60));
        assert_eq!(pace.ready_at(load(1000), at(60)), at(62));
    }

    #[test]
    fn waits_grow_and_are_spread() {
        for (streak, whole) in [(1, FIRST_WAIT), (4, FIRST_WAIT * 8), (400, LONGEST_WAIT)] {
            let wait = backoff(streak, LONGEST_WAIT, 7);
            assert!((whole / 2..=whole).contains(&wait), "{streak}: {wait:?}");
        }
        let waits: std::collections::BTreeSet<_> = (0..16)
            .map(|salt| backoff(400, LONGEST_WAIT, salt))
            .collect();
        assert!(waits.len() > 8);
    }
}
