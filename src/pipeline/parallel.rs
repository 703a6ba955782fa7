//! Work in as many threads as there are processors. What is made does not depend on their number.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::PipelineError;

/// A piece of work that can be done beside others.
pub(super) type Job<'a> = Box<dyn Fn() -> Result<(), PipelineError> + Send + Sync + 'a>;

/// Does all jobs, the first ones first. After an error no new job is begun; the error of the
/// first job that failed, in their order, is given back.
pub(super) fn run(jobs: &[Job<'_>]) -> Result<(), PipelineError> {
    each(jobs, |job| job()).into_iter().collect()
}

/// What `of` gives for each item, in order. After an error the rest is left out.
pub(super) fn each<'a, T: Sync, R: Send>(
    items: &'a [T],
    of: impl Fn(&'a T) -> Result<R, PipelineError> + Sync,
) -> Vec<Result<R, PipelineError>> {
    /// Threads hold what they make in memory: more than this would not bound it.
    const MOST: usize = 8;
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(MOST)
        .min(items.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return;
            };
            let result = of(item);
            if result.is_err() {
                next.store(items.len(), Ordering::Relaxed);
            }
            done.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((at, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_the_first_error_stops() {
        let numbers: Vec<u32> = (0..500).collect();
        let doubled: Vec<u32> = each(&numbers, |n| Ok(n * 2))
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(doubled, numbers.iter().map(|n| n * 2).collect::<Vec<_>>());
        let jobs: Vec<Job<'_>> = (0..100)
            .map(|n| -> Job<'_> {
                Box::new(move || match n {
                    30 => Err(PipelineError::Nothing("30".into())),
                    _ => Ok(()),
                })
            })
            .collect();
        assert_eq!(run(&jobs).unwrap_err().to_string(), "30");
    }
}
