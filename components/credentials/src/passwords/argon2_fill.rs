//! Argon2 (RFC 9106, section 3) with the memory as an argument; the argon2 crate has no place for another block function.

use std::array;

use argon2::{Algorithm, Params, Version};
use blake2::digest::{Digest, Update, VariableOutput};
use blake2::{Blake2b512, Blake2bVar};

use super::argon2_block::Block;

/// Parts of a lane, at whose ends the lanes wait for each other.
const SLICES: usize = 4;

/// What is computed, but for the password and the salt.
#[derive(Clone, Copy)]
pub(super) struct Argon2<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) version: Version,
    pub(super) parameters: &'a Params,
}

/// A slice of a lane in one pass.
#[derive(Clone, Copy)]
struct Segment {
    pass: usize,
    slice: usize,
    lane: usize,
}

impl Argon2<'_> {
    /// Fills `memory`, of as many blocks as the parameters say, and writes the tag. The inputs are
    /// password, salt, secret and associated data.
    pub(super) fn hash_into(self, inputs: [&[u8]; 4], memory: &mut [Block], tag: &mut [u8]) {
        let begin = self.initial_hash(inputs, tag.len());
        for (number, lane) in memory.chunks_exact_mut(self.lane_length()).enumerate() {
            for (index, block) in lane[..2].iter_mut().enumerate() {
                let mut bytes = [0; Block::SIZE];
                long_hash(&[&begin, &word32(index), &word32(number)], &mut bytes);
                let (words, _) = bytes.as_chunks();
                *block = Block::of_words(&array::from_fn(|word| u64::from_le_bytes(words[word])));
            }
        }
        for pass in 0..self.parameters.t_cost() as usize {
            for slice in 0..SLICES {
                for lane in 0..self.lanes() {
                    self.fill(Segment { pass, slice, lane }, memory);
                }
            }
        }
        let mut last = Block::ZERO;
        for lane in memory.chunks_exact(self.lane_length()) {
            last.add(&lane[lane.len() - 1]);
        }
        let bytes: [_; Block::WORDS] = array::from_fn(|index| last.word(index).to_le_bytes());
        long_hash(&[bytes.as_flattened()], tag);
    }

    /// `H_0`
    fn initial_hash(self, inputs: [&[u8]; 4], tag_length: usize) -> [u8; 64] {
        let parameters = self.parameters;
        let mut hash = Blake2b512::new();
        for number in [
            parameters.p_cost(),
            word_of(tag_length),
            parameters.m_cost(),
            parameters.t_cost(),
            self.version.into(),
            self.algorithm as u32,
        ] {
            Digest::update(&mut hash, number.to_le_bytes());
        }
        for input in inputs {
            Digest::update(&mut hash, word32(input.len()));
            Digest::update(&mut hash, input);
        }
        hash.finalize().into()
    }

    fn fill(self, segment: Segment, memory: &mut [Block]) {
        let Segment { pass, slice, lane } = segment;
        let mut addresses = self.addresses(segment, memory.len());
        let lane_begin = lane * self.lane_length();
        let segment_begin = lane_begin + slice * self.segment_length();
        // The first two blocks of a lane are there.
        let first = if (pass, slice) == (0, 0) { 2 } else { 0 };
        for index in first..self.segment_length() {
            let current = segment_begin + index;
            let previous = if current == lane_begin {
                lane_begin + self.lane_length() - 1
            } else {
                current - 1
            };
            let random = match &mut addresses {
                Some(addresses) => addresses.at(index),
                None => memory[previous].word(0),
            };
            let reference = self.reference(segment, index, random);
            let [current, previous, reference] = memory
                .get_disjoint_mut([current, previous, reference])
                .expect("a block refers to neither itself nor the one before it");
            if pass == 0 || self.version == Version::V0x10 {
                current.set_compressed(previous, reference);
            } else {
                current.add_compressed(previous, reference);
            }
        }
    }

    /// Where the block at `index` of `segment` refers to (section 3.4).
    fn reference(self, segment: Segment, index: usize, random: u64) -> usize {
        let Segment { pass, slice, lane } = segment;
        let (lane_length, segment_length) = (self.lane_length(), self.segment_length());
        let other = if (pass, slice) == (0, 0) {
            lane
        } else {
            (random >> 32) as usize % self.lanes()
        };
        // How many blocks are finished, without this segment; and where the oldest of them is.
        let (finished, oldest) = if pass == 0 {
            (slice * segment_length, 0)
        } else {
            (lane_length - segment_length, (slice + 1) * segment_length)
        };
        let area = if other == lane {
            finished + index - 1
        } else {
            finished - usize::from(index == 0)
        };
        let low = random & u64::from(u32::MAX);
        let distance = (area as u64 * ((low * low) >> 32)) >> 32;
        let position = oldest + area - 1 - distance as usize;
        other * lane_length + position % lane_length
    }

    /// The source of references that do not depend on the password, where it is used.
    fn addresses(self, segment: Segment, blocks: usize) -> Option<Addresses> {
        let Segment { pass, slice, lane } = segment;
        let independent = match self.algorithm {
            Algorithm::Argon2i => true,
            Algorithm::Argon2d => false,
            Algorithm::Argon2id => pass == 0 && slice < SLICES / 2,
        };
        let passes = self.parameters.t_cost() as usize;
        let algorithm = self.algorithm as usize;
        independent.then(|| Addresses::new([pass, lane, slice, blocks, passes, algorithm]))
    }

    fn lanes(self) -> usize {
        self.parameters.p_cost() as usize
    }

    fn lane_length(self) -> usize {
        self.parameters.block_count() / self.lanes()
    }

    fn segment_length(self) -> usize {
        self.lane_length() / SLICES
    }
}

/// The random numbers of a segment, made of its place alone (section 3.4.1.2).
struct Addresses {
    input: [u64; Block::WORDS],
    /// Which block of numbers this is; 0 before the first.
    counter: u64,
    block: Block,
}

impl Addresses {
    fn new(place: [usize; 6]) -> Self {
        let mut input = [0; Block::WORDS];
        for (word, number) in input.iter_mut().zip(place) {
            *word = number as u64;
        }
        Self {
            input,
            counter: 0,
            block: Block::ZERO,
        }
    }

    /// The number for the block at `index`, which never decreases.
    fn at(&mut self, index: usize) -> u64 {
        let counter = (index / Block::WORDS) as u64 + 1;
        if self.counter != counter {
            self.counter = counter;
            self.input[6] = counter;
            let once = compressed(&Block::of_words(&self.input));
            self.block = compressed(&once);
        }
        self.block.word(index % Block::WORDS)
    }
}

/// `G(0, block)`
fn compressed(block: &Block) -> Block {
    let mut result = Block::ZERO;
    result.set_compressed(&Block::ZERO, block);
    result
}

/// The hash of any length `H'` (section 3.3).
fn long_hash(parts: &[&[u8]], output: &mut [u8]) {
    let length = word32(output.len());
    let parts = [&[&length[..]], parts].concat();
    if output.len() <= 64 {
        return short_hash(&parts, output);
    }
    let mut hash = [0; 64];
    short_hash(&parts, &mut hash);
    let (half, mut rest) = output.split_at_mut(32);
    half.copy_from_slice(&hash[..32]);
    while rest.len() > 64 {
        hash = Blake2b512::digest(hash).into();
        let (half, others) = rest.split_at_mut(32);
        half.copy_from_slice(&hash[..32]);
        rest = others;
    }
    short_hash(&[&hash], rest);
}

/// `BLAKE2b` with an output of at most 64 bytes.
fn short_hash(parts: &[&[u8]], output: &mut [u8]) {
    let mut hash = Blake2bVar::new(output.len()).expect("the output is of 1 to 64 bytes");
    for part in parts {
        hash.update(part);
    }
    hash.finalize_variable(output)
        .expect("the output is as long as was said");
}

/// `LE32`
fn word32(number: usize) -> [u8; 4] {
    word_of(number).to_le_bytes()
}

fn word_of(length: usize) -> u32 {
    u32::try_from(length).expect("nothing here is of 4 GiB")
}
