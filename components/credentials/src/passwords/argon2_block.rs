//! The block function of argon2 (RFC 9106, sections 3.5 and 3.6), shaped for WebAssembly: the argon2 crate's takes up to
//! twice as long there, and has no other place for this one.

#![expect(
    clippy::inline_always,
    reason = "called, and not inlined, the parts take half as long again"
)]

use std::array;
use std::hint::black_box;

use self::pair::Pair;

/// 1 KiB of argon2's memory, as the rows of a matrix.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Block([[Pair; 8]; 8]);

impl Block {
    /// Its size in bytes.
    pub(super) const SIZE: usize = 1_024;
    /// How many words it holds.
    pub(super) const WORDS: usize = Self::SIZE / 8;
    /// The block of zeros.
    pub(super) const ZERO: Self = Self([[pair::of(0, 0); 8]; 8]);

    /// The block that holds `words`.
    pub(super) fn of_words(words: &[u64; Self::WORDS]) -> Self {
        let pair = |index: usize| pair::of(words[2 * index], words[2 * index + 1]);
        Self(array::from_fn(|row| {
            array::from_fn(|column| pair(8 * row + column))
        }))
    }

    /// The word at `index`.
    pub(super) fn word(&self, index: usize) -> u64 {
        let [first, second] = pair::words(self.0[index / 16][index / 2 % 8]);
        if index.is_multiple_of(2) {
            first
        } else {
            second
        }
    }

    /// Adds `other`, bit by bit.
    pub(super) fn add(&mut self, other: &Self) {
        for (row, other) in self.0.iter_mut().zip(&other.0) {
            for (pair, other) in row.iter_mut().zip(other) {
                *pair = pair::xor(*pair, *other);
            }
        }
    }

    /// Becomes `G(one, other)`.
    pub(super) fn set_compressed(&mut self, one: &Self, other: &Self) {
        self.compress::<false>(one, other);
    }

    /// Adds `G(one, other)`, bit by bit.
    pub(super) fn add_compressed(&mut self, one: &Self, other: &Self) {
        self.compress::<true>(one, other);
    }

    #[inline]
    fn compress<const ADD: bool>(&mut self, one: &Self, other: &Self) {
        // All of `other` is read first: it is far away, and its parts come at the same time.
        let sum: [[Pair; 8]; 8] = array::from_fn(|row| {
            array::from_fn(|column| pair::xor(one.0[row][column], other.0[row][column]))
        });
        let rows: [[[Pair; 8]; 2]; 4] =
            array::from_fn(|half| permute_two([sum[2 * half], sum[2 * half + 1]]));
        let rows = rows.as_flattened();
        for column in [0, 2, 4, 6] {
            let of_rows = |column: usize| array::from_fn(|row| rows[row][column]);
            let permuted = permute_two([of_rows(column), of_rows(column + 1)]);
            for (column, permuted) in (column..).zip(permuted) {
                for row in 0..8 {
                    let new = pair::xor(sum[row][column], permuted[row]);
                    let place = &mut self.0[row][column];
                    *place = if ADD { pair::xor(*place, new) } else { new };
                }
            }
        }
    }
}

/// What the permutation works on: a matrix of 4 by 4 words, two pairs a row.
type Matrix = [[Pair; 2]; 4];

/// The permutation P, the round of `BLAKE2b`, of each of two rows or columns. Each instruction of one waits for the one
/// before, so the processor computes the other meanwhile.
#[inline(always)]
fn permute_two(two: [[Pair; 8]; 2]) -> [[Pair; 8]; 2] {
    let matrices =
        two.map(|[a0, a1, b0, b1, c0, c1, d0, d1]| [[a0, a1], [b0, b1], [c0, c1], [d0, d1]]);
    // The second time the diagonals stand in columns.
    let diagonals = mix(matrices).map(|[a, b, [c0, c1], d]: Matrix| {
        let d = [pair::across(d[1], d[0]), pair::across(d[0], d[1])];
        [
            a,
            [pair::across(b[0], b[1]), pair::across(b[1], b[0])],
            [c1, c0],
            d,
        ]
    });
    mix(diagonals).map(|[a, b, c, d]: Matrix| {
        let [b0, b1] = [pair::across(b[1], b[0]), pair::across(b[0], b[1])];
        let [d0, d1] = [pair::across(d[0], d[1]), pair::across(d[1], d[0])];
        [a[0], a[1], b0, b1, c[1], c[0], d0, d1]
    })
}

/// The function GB on all columns of two matrices.
#[inline(always)]
fn mix(two: [Matrix; 2]) -> [Matrix; 2] {
    let two = two.map(|[a, b, c, d]| {
        let [a, d] = step::<32>(a, b, d);
        [a, b, c, d]
    });
    let two = two.map(|[a, b, c, d]| {
        let [c, b] = step::<24>(c, d, b);
        [a, b, c, d]
    });
    let two = two.map(|[a, b, c, d]| {
        let [a, d] = step::<16>(a, b, d);
        [a, b, c, d]
    });
    two.map(|[a, b, c, d]| {
        let [c, b] = step::<63>(c, d, b);
        [a, b, c, d]
    })
}

/// A line of GB and the next: the new `one` and `turned`.
#[inline(always)]
fn step<const BITS: u32>(one: [Pair; 2], other: [Pair; 2], turned: [Pair; 2]) -> [[Pair; 2]; 2] {
    let one = pair::multiply_add(one, other);
    let turned =
        array::from_fn(|index| pair::rotate_right::<BITS>(pair::xor(turned[index], one[index])));
    // Compilers would finish the first matrix before they begin the second. That each step must be
    // seen in memory keeps them from it.
    black_box(turned);
    [one, turned]
}

/// Pairs of words where there is SIMD.
#[cfg(target_arch = "wasm32")]
mod pair {
    use core::arch::wasm32::{
        i8x16_shuffle, i32x4_shuffle, i64x2_shuffle, u64x2, u64x2_add, u64x2_extmul_high_u32x4,
        u64x2_extmul_low_u32x4, u64x2_extract_lane, u64x2_shl, u64x2_shr, v128, v128_bitselect,
        v128_or, v128_xor,
    };

    /// Two words.
    pub(super) type Pair = v128;

    pub(super) const fn of(first: u64, second: u64) -> Pair {
        u64x2(first, second)
    }

    pub(super) fn words(pair: Pair) -> [u64; 2] {
        [u64x2_extract_lane::<0>(pair), u64x2_extract_lane::<1>(pair)]
    }

    #[inline(always)]
    pub(super) fn xor(one: Pair, other: Pair) -> Pair {
        v128_xor(one, other)
    }

    /// The second word of `one` and the first of `other`.
    #[inline(always)]
    pub(super) fn across(one: Pair, other: Pair) -> Pair {
        i64x2_shuffle::<1, 2>(one, other)
    }

    #[inline(always)]
    pub(super) fn rotate_right<const BITS: u32>(pair: Pair) -> Pair {
        // LLVM would not say twice that `pair` is what is shuffled, and engines have one
        // instruction for that only if they are told; they see that both are the same.
        let same = v128_bitselect(pair, pair, u64x2(0, 1));
        match BITS {
            32 => i32x4_shuffle::<1, 0, 3, 2>(pair, pair),
            24 => {
                i8x16_shuffle::<3, 4, 5, 6, 7, 0, 1, 2, 27, 28, 29, 30, 31, 24, 25, 26>(pair, same)
            }
            16 => {
                i8x16_shuffle::<2, 3, 4, 5, 6, 7, 0, 1, 26, 27, 28, 29, 30, 31, 24, 25>(pair, same)
            }
            _ => v128_or(u64x2_shr(pair, BITS), u64x2_shl(pair, 64 - BITS)),
        }
    }

    /// `one + other + 2 * low(one) * low(other)` of each word, `low` being its lower half.
    #[inline(always)]
    pub(super) fn multiply_add(one: [Pair; 2], other: [Pair; 2]) -> [Pair; 2] {
        // The lower halves of all four words side by side, as the extended multiplication takes them.
        let low = |[first, second]: [Pair; 2]| i32x4_shuffle::<0, 2, 4, 6>(first, second);
        let (low_one, low_other) = (low(one), low(other));
        let products = [
            u64x2_extmul_low_u32x4(low_one, low_other),
            u64x2_extmul_high_u32x4(low_one, low_other),
        ];
        std::array::from_fn(|index| {
            let sum = u64x2_add(one[index], other[index]);
            u64x2_add(sum, u64x2_shl(products[index], 1))
        })
    }
}

/// The same on machines that only run the tests.
#[cfg(not(target_arch = "wasm32"))]
mod pair {
    use std::array;

    /// Two words.
    pub(super) type Pair = [u64; 2];

    pub(super) const fn of(first: u64, second: u64) -> Pair {
        [first, second]
    }

    pub(super) fn words(pair: Pair) -> [u64; 2] {
        pair
    }

    pub(super) fn xor(one: Pair, other: Pair) -> Pair {
        array::from_fn(|index| one[index] ^ other[index])
    }

    /// The second word of `one` and the first of `other`.
    pub(super) fn across(one: Pair, other: Pair) -> Pair {
        [one[1], other[0]]
    }

    pub(super) fn rotate_right<const BITS: u32>(pair: Pair) -> Pair {
        pair.map(|word| word.rotate_right(BITS))
    }

    /// `one + other + 2 * low(one) * low(other)` of each word, `low` being its lower half.
    pub(super) fn multiply_add(one: [Pair; 2], other: [Pair; 2]) -> [Pair; 2] {
        let low = |word: u64| word & u64::from(u32::MAX);
        let of_words = |one: u64, other: u64| {
            let product = low(one).wrapping_mul(low(other));
            one.wrapping_add(other).wrapping_add(product << 1)
        };
        array::from_fn(|pair| {
            array::from_fn(|index| of_words(one[pair][index], other[pair][index]))
        })
    }
}
