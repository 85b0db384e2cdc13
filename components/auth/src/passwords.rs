//! Passwords, as the library component `credentials` hashes, verifies and judges them.

#[expect(clippy::same_length_and_capacity, reason = "generated")]
mod bindings {
    spin_sdk::wit_bindgen::generate!({
        path: "../../wit",
        inline: "
            package user-service:auth;
            world caller { import user-service:credentials/passwords@1.0.0; }
        ",
        world: "user-service:auth/caller",
        runtime_path: "::spin_sdk::wit_bindgen::rt",
        generate_all,
    });
}

pub(crate) use bindings::user_service::credentials::passwords::{
    Argon2Parameters, Hasher, PasswordError, Pepper, Verdict, Violation, check_policy,
    digest_for_breaches,
};
