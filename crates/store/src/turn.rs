//! What one of an instance's requests does for all of them.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};

/// The right to do something that is done by one at a time; it ends with whoever has it, however that
/// ends.
#[must_use = "it ends at once otherwise"]
#[derive(Debug)]
pub struct Turn<F: Deref<Target = AtomicBool>>(F);

impl<F: Deref<Target = AtomicBool>> Turn<F> {
    /// Takes it, unless somebody has it. `is_taken` is false while nobody has.
    pub fn take(is_taken: F) -> Option<Self> {
        let is_free = !is_taken.swap(true, Ordering::Relaxed);
        // A turn that is made ends when it is dropped, so none is made in vain.
        is_free.then(|| Self(is_taken))
    }
}

impl<F: Deref<Target = AtomicBool>> Drop for Turn<F> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_he_ends_however_many_ask() {
        let is_taken = AtomicBool::new(false);
        let turn = Turn::take(&is_taken);
        assert!(turn.is_some());
        for _ in 0..3 {
            assert!(Turn::take(&is_taken).is_none());
        }
        drop(turn);
        assert!(Turn::take(&is_taken).is_some());
    }
}
