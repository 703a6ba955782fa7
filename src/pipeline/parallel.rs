//! Work in as many threads as there are processors. What is made does not depend on their number.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::PipelineError;

/// Does pieces of work, by their numbers from 0 and the first ones first. After an error nothing
/// new is begun; the error of the first piece that failed, in their order, is given back.
pub(super) fn run(
    count: usize,
    work: impl Fn(usize) -> Result<(), PipelineError> + Sync,
) -> Result<(), PipelineError> {
    /// Threads hold what they make in memory: more than this would not bound it.
    const MOST: usize = 8;
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(MOST)
        .min(count);
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<(usize, PipelineError)>> = Mutex::new(None);
    let thread = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return;
            }
            if let Err(error) = work(at) {
                next.store(count, Ordering::Relaxed);
                let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                if failed.as_ref().is_none_or(|(first, _)| at < *first) {
                    *failed = Some((at, error));
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(thread);
        }
        thread();
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), |(_, error)| Err(error))
}

/// What `of` gives for each item, in order, or the error of the first item that failed.
pub(super) fn each<'a, T: Sync, R: Send>(
    items: &'a [T],
    of: impl Fn(&'a T) -> Result<R, PipelineError> + Sync,
) -> Result<Vec<R>, PipelineError> {
    let done = Mutex::new(Vec::with_capacity(items.len()));
    run(items.len(), |at| {
        let made = of(&items[at])?;
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        done.push((at, made));
        Ok(())
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_the_first_error_stops() {
        let numbers: Vec<u32> = (0..500).collect();
        let doubled = each(&numbers, |n| Ok(n * 2)).unwrap();
        assert_eq!(doubled, numbers.iter().map(|n| n * 2).collect::<Vec<_>>());
        let failed = run(100, |n| match n {
            30.. => Err(PipelineError::Nothing(n.to_string())),
            _ => Ok(()),
        });
        assert_eq!(failed.unwrap_err().to_string(), "30");
    }
}
