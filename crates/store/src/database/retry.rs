//! How often, and after which while, an attempt is made again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The longest wait before the first repetition; it doubles with each one.
const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(320);

/// How many repetitions an instance has in reserve, and what each answer adds to it: so a server in
/// trouble gets a tenth more attempts, and not several times as many.
const MOST: f64 = 10.0;
const EARNED: f64 = 0.1;

/// Repetitions that this instance may still make.
#[derive(Debug)]
pub(super) struct Budget(Mutex<f64>);

impl Budget {
    pub(super) fn full() -> Self {
        Self(Mutex::new(MOST))
    }

    /// Takes one repetition, if there is one left.
    pub(super) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_enough = *left >= 1.0;
        if is_enough {
            *left -= 1.0;
        }
        is_enough
    }

    /// Notes an answer.
    pub(super) fn earn(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + EARNED).min(MOST);
    }
}

/// How long to wait before repetition `number`, counted from 0: exponential backoff with full jitter,
/// by `chance`, a random number from 0 to 1.
pub(super) fn backoff(number: u32, chance: f64) -> Duration {
    let longest = FIRST
        .saturating_mul(2_u32.saturating_pow(number))
        .min(LONGEST);
    longest.mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_limit() {
        let longest = [0, 1, 2, 3, 4, 5, 40].map(|number| backoff(number, 1.0).as_millis());
        assert_eq!(longest, [20, 40, 80, 160, 320, 320, 320]);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
        assert_eq!(backoff(3, 0.5).as_millis(), 80);
    }

    #[test]
    fn a_server_in_trouble_gets_a_tenth_more_attempts() {
        let budget = Budget::full();
        let at_once = (0..100).filter(|_| budget.take()).count();
        assert_eq!(at_once, 10);
        let mut later = 0;
        for _ in 0..100 {
            budget.earn();
            later += usize::from(budget.take());
        }
        assert!((9..=10).contains(&later), "{later}");
    }
}
