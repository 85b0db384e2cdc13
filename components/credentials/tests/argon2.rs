//! That the built component hashes as the argon2 crate does: its SIMD runs in WebAssembly only.

use std::cell::RefCell;
use std::path::Path;
use std::{env, fs};

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

use self::bindings::Credentials;
use self::bindings::exports::user_service::credentials::passwords::{Argon2Parameters, Verdict};

mod bindings {
    wasmtime::component::bindgen!({
        world: "credentials",
        path: "../../wit",
        additional_derives: [PartialEq],
    });
}

/// The cost of a new hash, which no other here has.
const NEW: Argon2Parameters = Argon2Parameters {
    memory_kib: 8,
    iterations: 1,
    parallelism: 1,
};

/// An instance of the component that `cargo build` has left.
fn instance() -> wasmtime::Result<(Store<()>, Credentials)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or(workspace.join("target"), Into::into);
    let engine = Engine::default();
    let bytes = fs::read(target.join("wasm32-wasip2/release/credentials.wasm"))?;
    let component = Component::new(&engine, bytes)?;
    let mut linker = Linker::new(&engine);
    // It has its imports for panics alone.
    linker.define_unknown_imports_as_traps(&component)?;
    let mut store = Store::new(&engine, ());
    let credentials = Credentials::instantiate(&mut store, &component, &linker)?;
    Ok((store, credentials))
}

/// Every kind of hash; some have more blocks in a segment than one block has addresses.
fn any_kind() -> impl Strategy<Value = Argon2<'static>> {
    let algorithms = &[Algorithm::Argon2d, Algorithm::Argon2i, Algorithm::Argon2id][..];
    let versions = &[Version::V0x10, Version::V0x13][..];
    let cost = (1_u32..=5).prop_flat_map(|lanes| (8 * lanes..700, 2_u32..=4, Just(lanes)));
    let kinds = (
        prop::sample::select(algorithms),
        prop::sample::select(versions),
        cost,
        10_usize..=64,
    );
    kinds.prop_map(|(algorithm, version, (memory, passes, lanes), length)| {
        let parameters = Params::new(memory, passes, lanes, Some(length))
            .expect("the cost is within argon2's bounds");
        Argon2::new(algorithm, version, parameters)
    })
}

#[test]
fn the_built_component_hashes_as_the_argon2_crate_does() {
    let (store, credentials) = instance().unwrap();
    let store = RefCell::new(store);
    let passwords = credentials.user_service_credentials_passwords().hasher();
    let hasher = passwords
        .call_open(&mut *store.borrow_mut(), NEW, None, &[])
        .unwrap()
        .unwrap();
    let verify = |password: &str, stored: &str| {
        passwords
            .call_verify(
                &mut *store.borrow_mut(),
                hasher,
                password,
                Some(stored),
                &[7; 16],
            )
            .unwrap()
            .unwrap()
    };
    let salts = prop::collection::vec(any::<u8>(), 8..=48);
    let mut runner = TestRunner::new(Config::with_cases(64));
    runner
        .run(
            // Of characters that normalising leaves alone.
            &(any_kind(), "[ -~]{0,200}", salts),
            |(argon2, password, salt)| {
                let salt = SaltString::encode_b64(&salt).unwrap();
                let stored = argon2.hash_password(password.as_bytes(), &salt).unwrap();
                let stored = stored.to_string();
                let verdict = verify(&password, &stored);
                prop_assert!(
                    matches!(verdict, Verdict::Outdated(_)),
                    "{stored}: {verdict:?}"
                );
                let other = format!("{password}!");
                prop_assert_eq!(verify(&other, &stored), Verdict::Mismatch);
                Ok(())
            },
        )
        .unwrap();
}
