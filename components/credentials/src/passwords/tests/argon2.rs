//! Argon2: the test vectors of RFC 9106, and the argon2 crate.

use argon2::{Algorithm, AssociatedData, Params, ParamsBuilder, Version};
use proptest::prelude::*;

use super::super::argon2_block::Block;
use super::super::argon2_fill::Argon2;

fn tag(
    algorithm: Algorithm,
    version: Version,
    parameters: &Params,
    inputs: [&[u8]; 4],
    length: usize,
) -> Vec<u8> {
    let argon2 = Argon2 {
        algorithm,
        version,
        parameters,
    };
    // What is in the memory before must not matter.
    let mut memory = vec![Block::of_words(&[0x5eed; Block::WORDS]); parameters.block_count()];
    let mut tag = vec![0; length];
    argon2.hash_into(inputs, &mut memory, &mut tag);
    tag
}

/// Section 5.
#[test]
fn the_tags_are_those_of_the_standard() {
    let inputs: [&[u8]; 4] = [&[1; 32], &[2; 16], &[3; 8], &[4; 12]];
    let parameters = Params::new(32, 3, 4, Some(32)).unwrap();
    for (algorithm, expected) in [
        (
            Algorithm::Argon2d,
            [
                0x512b_391b_6f11_6297_5371_d309_1973_4294_u128,
                0xf868_e3be_3984_f3c1_a13a_4db9_fabe_4acb,
            ],
        ),
        (
            Algorithm::Argon2i,
            [
                0xc814_d9d1_dc7f_37aa_13f0_d77f_2494_bda1_u128,
                0xc8de_6b01_6dd3_88d2_9952_a4c4_672b_6ce8,
            ],
        ),
        (
            Algorithm::Argon2id,
            [
                0x0d64_0df5_8d78_766c_08c0_37a3_4a8b_53c9_u128,
                0xd01e_f045_2d75_b65e_b525_20e9_6b01_e659,
            ],
        ),
    ] {
        let tag = tag(algorithm, Version::V0x13, &parameters, inputs, 32);
        assert_eq!(
            tag,
            expected.map(u128::to_be_bytes).as_flattened(),
            "{algorithm}"
        );
    }
}

prop_compose! {
    /// Lanes, and memory that gives each of them more blocks than one address block has numbers,
    /// or few.
    fn cost()(lanes in 1_u32..=5)
        (lanes in Just(lanes), memory in 8 * lanes..700, passes in 1_u32..=4) -> [u32; 3] {
        [memory, passes, lanes]
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_tags_are_those_of_the_argon2_crate(
        algorithm in prop::sample::select(&[
            Algorithm::Argon2d,
            Algorithm::Argon2i,
            Algorithm::Argon2id,
        ][..]),
        version in prop::sample::select(&[Version::V0x10, Version::V0x13][..]),
        [memory, passes, lanes] in cost(),
        password: Vec<u8>,
        salt in prop::collection::vec(any::<u8>(), 8..40),
        secret: Vec<u8>,
        data in prop::collection::vec(any::<u8>(), 0..=AssociatedData::MAX_LEN),
        length in 4_usize..200,
    ) {
        let parameters = ParamsBuilder::new()
            .m_cost(memory)
            .t_cost(passes)
            .p_cost(lanes)
            .output_len(length)
            .data(AssociatedData::new(&data).unwrap())
            .build()
            .unwrap();
        let mut expected = vec![0; length];
        argon2::Argon2::new_with_secret(&secret, algorithm, version, parameters.clone())
            .and_then(|argon2| argon2.hash_password_into(&password, &salt, &mut expected))
            .unwrap();
        let tag = tag(algorithm, version, &parameters, [&password, &salt, &secret, &data], length);
        prop_assert_eq!(tag, expected);
    }
}
