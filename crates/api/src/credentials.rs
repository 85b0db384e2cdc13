//! Tokens, as the library component `credentials` issues and verifies them, and the signatures of
//! webhooks.

#[expect(
    missing_docs,
    reason = "generated; the documentation is in wit/credentials.wit"
)]
#[expect(clippy::same_length_and_capacity, reason = "generated")]
mod bindings {
    spin_sdk::wit_bindgen::generate!({
        path: "../../wit",
        inline: "
            package user-service:api;
            world caller {
                import user-service:credentials/tokens@1.0.0;
                import user-service:credentials/webhooks@1.0.0;
            }
        ",
        world: "user-service:api/caller",
        runtime_path: "::spin_sdk::wit_bindgen::rt",
        generate_all,
    });
}

pub(crate) use bindings::user_service::credentials::webhooks;

pub use bindings::user_service::credentials::tokens::{
    Claims, Keyring, Refusal, ServiceSubject, Settings, SettingsError, Subject, TokenPair,
    TokenType,
};
