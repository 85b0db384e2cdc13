//! Unsubscribe links: what a link unsubscribes from, and our signature on it.

use domain::unsubscribe::UnsubscribeTarget;

use crate::credentials::Keyring;

/// What the signature is for: no other text of ours passes for a link.
const PURPOSE: &str = "unsubscribe";

/// The last segment of the link's URL.
pub fn link_of(keyring: &Keyring, target: UnsubscribeTarget) -> String {
    let text = target.to_string();
    let signature = keyring.sign(PURPOSE, &text);
    format!("{text}.{signature}")
}

/// What `link`, the last segment of a URL, unsubscribes from; nothing if it is none of ours.
pub fn target_of(keyring: &Keyring, link: &str) -> Option<UnsubscribeTarget> {
    let (text, signature) = link.split_once('.')?;
    if keyring.is_signed(PURPOSE, text, signature) {
        UnsubscribeTarget::parse(text).ok()
    } else {
        None
    }
}
