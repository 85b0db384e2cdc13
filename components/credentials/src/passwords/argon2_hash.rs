//! A hash by argon2 (RFC 9106) and its PHC string.

use std::cell::RefCell;
use std::fmt;

use argon2::password_hash::{self, ParamsString, PasswordHash};
use argon2::{Algorithm, MIN_SALT_LEN, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use subtle::ConstantTimeEq;

use super::argon2_block::Block;
use super::argon2_fill::Argon2;
use super::{cost, unsupported};
use crate::bindings::passwords::{Argon2Parameters, PasswordError};

/// Bytes of salt in a new hash (RFC 9106, section 3.1).
const SALT_LENGTH: usize = 16;
/// A hash with all that is needed to compute it again.
pub(super) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    parameters: Params,
    /// The id of the pepper that was mixed into the password before; argon2 knows nothing of it.
    key_id: Option<String>,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Argon2Hash {
    /// Bytes of a new hash.
    pub(super) const OUTPUT_LENGTH: usize = 32;

    /// Hashes `password`, which the pepper `key_id` was mixed into if there is one, with argon2id.
    ///
    /// # Errors
    /// [`PasswordError::InvalidParameters`] if `salt` is not of 16 bytes, `parameters` are out of
    /// bounds or the instance has not that much memory.
    pub(super) fn of(
        password: &[u8],
        key_id: Option<String>,
        salt: &[u8],
        parameters: Argon2Parameters,
    ) -> Result<Self, PasswordError> {
        if salt.len() != SALT_LENGTH {
            let text = format!("argon2: the salt is not of {SALT_LENGTH} bytes");
            return Err(PasswordError::InvalidParameters(text));
        }
        let mut hash = Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            parameters: cost::argon2_parameters(parameters, Self::OUTPUT_LENGTH)
                .map_err(PasswordError::InvalidParameters)?,
            key_id,
            salt: salt.to_vec(),
            output: Vec::new(),
        };
        hash.output = hash
            .compute(password)
            .map_err(PasswordError::InvalidParameters)?;
        Ok(hash)
    }

    /// Reads a PHC string of argon2id, argon2i or argon2d.
    ///
    /// # Errors
    /// [`PasswordError::UnsupportedHash`] if it is malformed or too costly.
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let malformed = |_| unsupported("argon2: not a well-formed PHC string");
        let phc = PasswordHash::new(text).map_err(malformed)?;
        let (Some(salt), Some(output)) = (phc.salt, phc.hash) else {
            return Err(unsupported("argon2: without salt or hash"));
        };
        let mut salt_bytes = [0; password_hash::Salt::MAX_LENGTH];
        let salt = salt.decode_b64(&mut salt_bytes).map_err(malformed)?;
        let parameters = stated_parameters(&phc)?;
        Ok(Self {
            algorithm: Algorithm::try_from(phc.algorithm)
                .map_err(|_| unsupported("of an unknown kind"))?,
            // Hashes from before the version was written are of the first one.
            version: Version::try_from(phc.version.unwrap_or(Version::V0x10.into()))
                .map_err(|_| unsupported("argon2: of an unknown version"))?,
            parameters: cost::argon2_parameters(parameters, output.len()).map_err(unsupported)?,
            key_id: stated_key_id(&phc)?,
            salt: salt.to_vec(),
            output: output.as_bytes().to_vec(),
        })
    }

    /// The id of its pepper, if it is of one.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// Whether it is the hash of `password`, with its pepper mixed in; the time does not tell where they differ.
    ///
    /// # Errors
    /// [`PasswordError::UnsupportedHash`] if the instance has not the memory for it.
    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, PasswordError> {
        let output = self.compute(password).map_err(unsupported)?;
        Ok(output.ct_eq(&self.output).into())
    }

    /// Whether a new hash with `parameters` and the pepper `key_id` would be of the same kind and cost.
    pub(super) fn is_as_new(&self, parameters: Argon2Parameters, key_id: Option<&str>) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.parameters.m_cost() == parameters.memory_kib
            && self.parameters.t_cost() == parameters.iterations
            && self.parameters.p_cost() == parameters.parallelism
            && self.key_id() == key_id
            && self.salt.len() == SALT_LENGTH
            && self.output.len() == Self::OUTPUT_LENGTH
    }

    fn compute(&self, password: &[u8]) -> Result<Vec<u8>, String> {
        if self.salt.len() < MIN_SALT_LEN {
            return Err(format!(
                "argon2: the salt is shorter than {MIN_SALT_LEN} bytes"
            ));
        }
        let argon2 = Argon2 {
            algorithm: self.algorithm,
            version: self.version,
            parameters: &self.parameters,
        };
        let mut output = vec![0; self.parameters.output_len().unwrap_or(Self::OUTPUT_LENGTH)];
        with_memory(self.parameters.block_count(), |memory| {
            argon2.hash_into([password, &self.salt, &[], &[]], memory, &mut output);
        })?;
        Ok(output)
    }
}

/// The PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`; with a pepper, `p=1,keyid=<id>`.
impl fmt::Display for Argon2Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "${}$v={}$m={},t={},p={}",
            self.algorithm,
            u32::from(self.version),
            self.parameters.m_cost(),
            self.parameters.t_cost(),
            self.parameters.p_cost(),
        )?;
        if let Some(key_id) = self.key_id() {
            let key_id = Base64Unpadded::encode_string(key_id.as_bytes());
            write!(formatter, ",keyid={key_id}")?;
        }
        write!(
            formatter,
            "${}${}",
            Base64Unpadded::encode_string(&self.salt),
            Base64Unpadded::encode_string(&self.output),
        )
    }
}

/// The cost that a PHC string states. Associated data would need what we do not have.
fn stated_parameters(phc: &PasswordHash<'_>) -> Result<Argon2Parameters, PasswordError> {
    let only_known = |params: &ParamsString| {
        params
            .iter()
            .all(|(name, _)| matches!(name.as_str(), "m" | "t" | "p" | "keyid"))
    };
    let stated = |name| phc.params.get_decimal(name);
    match (stated("m"), stated("t"), stated("p")) {
        (Some(memory_kib), Some(iterations), Some(parallelism)) if only_known(&phc.params) => {
            Ok(Argon2Parameters {
                memory_kib,
                iterations,
                parallelism,
            })
        }
        _ => Err(unsupported(
            "argon2: parameters other than m, t, p and keyid",
        )),
    }
}

/// The id of the pepper that a PHC string states, in base64 as the format has it.
fn stated_key_id(phc: &PasswordHash<'_>) -> Result<Option<String>, PasswordError> {
    let Some(stated) = phc.params.get("keyid") else {
        return Ok(None);
    };
    let bytes = Base64Unpadded::decode_vec(stated.as_str()).ok();
    let key_id = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    key_id
        .map(Some)
        .ok_or_else(|| unsupported("argon2: the keyid is no text in base64"))
}

thread_local! {
    /// The memory that argon2 fills, kept from hash to hash: getting it anew takes milliseconds.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Lends `blocks` blocks, whatever they hold, to `fill`.
fn with_memory(blocks: usize, fill: impl FnOnce(&mut [Block])) -> Result<(), String> {
    MEMORY.with_borrow_mut(|memory| {
        if memory.len() < blocks {
            // What there was is given back first, so that not both are needed at once.
            *memory = Vec::new();
            memory
                .try_reserve_exact(blocks)
                .map_err(|_| "argon2: the instance has not that much memory")?;
            memory.resize(blocks, Block::ZERO);
        }
        fill(&mut memory[..blocks]);
        Ok(())
    })
}
