//! Web Push subscriptions as browsers give them to a page (W3C Push API, `PushSubscriptionJSON`).

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::private_host::is_private_host;
use crate::values::{parsed, untrimmed};
use crate::web_url::WebUrl;

const BAD_ENDPOINT: &str =
    "Enter an https URL with a public host, in ASCII, without a user name and without a fragment.";

const BAD_EXPIRATION_TIME: &str =
    "Enter milliseconds since 1970 as a number, or null if the subscription has no end.";

/// The first byte of a point of a curve that is given by both its coordinates (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// The largest whole number that every reader of JSON understands (RFC 8259, section 6).
const LARGEST_NUMBER: f64 = 9_007_199_254_740_991.0;

/// Where a push service takes messages for one browser, and the keys to encrypt them with.
///
/// Whoever has it can send to the device: `Debug` prints only the type's name.
///
/// Whether `p256dh` is on its curve is not checked: it would bring the arithmetic of elliptic curves
/// into a service that encrypts nothing, and whoever encrypts must check it anyway (RFC 8291,
/// section 7). A wrong point costs only its own device the messages.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WebPushSubscription {
    endpoint: String,
    expiration_time: Option<u64>,
    p256dh: [u8; 65],
    auth: [u8; 16],
}

impl WebPushSubscription {
    /// # Errors
    /// Everything that is wrong with the subscription.
    pub(crate) fn parse(value: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(value)?;
        let endpoint = input.required("endpoint", parsed(endpoint));
        let expiration_time = input.nullable("expirationTime", expiration_time);
        let keys = input.required("keys", |keys| Ok(read_keys(keys)?));
        input.finish(|| {
            let (p256dh, auth) = keys?;
            Some(Self {
                endpoint: endpoint?,
                expiration_time: expiration_time.flatten(),
                p256dh,
                auth,
            })
        })
    }

    /// The subscription as compact JSON that is the same for the same subscription, however it was
    /// written.
    pub(crate) fn to_text(&self) -> String {
        json!({
            "endpoint": self.endpoint,
            "expirationTime": self.expiration_time,
            "keys": {
                "p256dh": Base64UrlUnpadded::encode_string(&self.p256dh),
                "auth": Base64UrlUnpadded::encode_string(&self.auth),
            },
        })
        .to_string()
    }
}

impl fmt::Debug for WebPushSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebPushSubscription")
    }
}

/// The whole URL: what comes behind the host names the device.
fn endpoint(text: &str) -> Parsed<String> {
    WebUrl::parse(text)
        .filter(|url| {
            url.is_https()
                && url.user.is_none()
                && !url.rest.contains('#')
                && text.is_ascii()
                && !is_private_host(url.host)
        })
        .map(|_| text.to_owned())
        .ok_or_else(|| BAD_ENDPOINT.into())
}

/// Milliseconds, without the fraction that some browsers give.
fn expiration_time(value: &Value) -> Parsed<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is within the bounds just checked"
    )]
    match value {
        Value::Number(number) => number
            .as_f64()
            .filter(|number| (0.0..=LARGEST_NUMBER).contains(number))
            .map(|number| number as u64),
        _ => None,
    }
    .ok_or_else(|| BAD_EXPIRATION_TIME.into())
}

fn read_keys(value: &Value) -> Result<([u8; 65], [u8; 16]), FieldErrors> {
    let mut input = Input::new(value)?;
    let p256dh = input.required("p256dh", p256dh);
    let auth = input.required("auth", auth);
    input.finish(|| Some((p256dh?, auth?)))
}

fn p256dh(value: &Value) -> Parsed<[u8; 65]> {
    bytes(&untrimmed(value)?)
        .filter(|point| point[0] == UNCOMPRESSED)
        .ok_or_else(|| {
            "Enter an uncompressed point of the curve P-256, 65 bytes, in base64url.".into()
        })
}

fn auth(value: &Value) -> Parsed<[u8; 16]> {
    bytes(&untrimmed(value)?).ok_or_else(|| "Enter 16 bytes in base64url.".into())
}

/// Reads exactly so many bytes in base64url (RFC 4648, section 5), with or without its padding.
fn bytes<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    let digits = text.trim_end_matches('=');
    let is_padded = text.len() > digits.len();
    if is_padded && text.len() != LENGTH.div_ceil(3) * 4 {
        return None;
    }
    let mut bytes = [0; LENGTH];
    let length = Base64UrlUnpadded::decode(digits, &mut bytes).ok()?.len();
    (length == LENGTH).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn subscription() -> Value {
        json!({
            "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAA?x=1",
            "expirationTime": null,
            "keys": {"p256dh": P256DH, "auth": AUTH},
        })
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut subscription = subscription();
        *subscription.pointer_mut(pointer).unwrap() = value;
        subscription
    }

    #[test]
    fn a_subscription_has_one_text_however_it_was_written() {
        let expected = format!(
            "{{\"endpoint\":\"https://updates.push.services.mozilla.com/wpush/v2/gAAAA?x=1\",\
             \"expirationTime\":null,\"keys\":{{\"p256dh\":\"{P256DH}\",\"auth\":\"{AUTH}\"}}}}"
        );
        let shuffled = json!({
            "keys": {"auth": format!("{AUTH}=="), "p256dh": format!("{P256DH}="), "other": 1},
            "options": {"userVisibleOnly": true},
            "endpoint": " https://updates.push.services.mozilla.com/wpush/v2/gAAAA?x=1 ",
        });
        for value in [subscription(), shuffled] {
            assert_eq!(
                WebPushSubscription::parse(&value).unwrap().to_text(),
                expected
            );
        }
        let subscription = WebPushSubscription::parse(&subscription()).unwrap();
        assert_eq!(format!("{subscription:?}"), "WebPushSubscription");
    }

    #[test]
    fn the_end_of_a_subscription_is_kept_in_whole_milliseconds() {
        for (given, kept) in [
            (json!(1_795_579_339_000_u64), "1795579339000"),
            (json!(1_795_579_339_000.75), "1795579339000"),
            (json!(0), "0"),
            (json!(null), "null"),
        ] {
            let text = WebPushSubscription::parse(&with("/expirationTime", given))
                .unwrap()
                .to_text();
            assert!(
                text.contains(&format!("\"expirationTime\":{kept},")),
                "{text}"
            );
        }
        for bad in [
            json!(-1),
            json!(1e300),
            json!("1795579339000"),
            json!(true),
            json!({}),
        ] {
            assert_eq!(
                errors_of(WebPushSubscription::parse(&with("/expirationTime", bad))),
                json!({"expirationTime": [BAD_EXPIRATION_TIME]})
            );
        }
    }

    #[test]
    fn only_public_https_endpoints_are_taken() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://web.push.apple.com/QGq",
            "https://wns2-par02p.notify.windows.com/w/?token=a%3d%3d",
            "https://push.example.com:8443/x",
            "https://8.8.8.8/x",
        ] {
            let subscription = WebPushSubscription::parse(&with("/endpoint", json!(good)));
            assert!(subscription.unwrap().to_text().contains(good), "{good}");
        }
        for bad in [
            "http://push.example.com/x",
            "https://user@push.example.com/x",
            "https://push.example.com/x#y",
            "https://push.example.com/ä",
            "https://bücher.de/x",
            "https://push.example.com/a b",
            "https://localhost/x",
            "https://push/x",
            "https://127.0.0.1:8443/x",
            "https://10.0.0.1/x",
            "https://169.254.169.254/latest",
            "https://[::1]/x",
            "https://[::ffff:192.168.0.1]/x",
            "https://2130706433/x",
            "wss://push.example.com/x",
            "push.example.com/x",
        ] {
            assert_eq!(
                errors_of(WebPushSubscription::parse(&with("/endpoint", json!(bad)))),
                json!({"endpoint": [BAD_ENDPOINT]}),
                "{bad}"
            );
        }
    }

    #[test]
    fn keys_have_their_length_and_form() {
        let bad_point = "Enter an uncompressed point of the curve P-256, 65 bytes, in base64url.";
        let compressed = format!("Ag{}", &P256DH[2..]);
        for bad in [
            &P256DH[..86],
            &P256DH[..80],
            &format!("{P256DH}A"),
            &format!("{P256DH}=="),
            &P256DH.replace('_', "/"),
            AUTH,
            &compressed,
            "====",
        ] {
            assert_eq!(
                errors_of(WebPushSubscription::parse(&with(
                    "/keys/p256dh",
                    json!(bad)
                ))),
                json!({"keys": {"p256dh": [bad_point]}}),
                "{bad}"
            );
        }
        for bad in [
            &AUTH[..21],
            &format!("{AUTH}="),
            &format!("{AUTH}A"),
            P256DH,
            "=",
        ] {
            assert_eq!(
                errors_of(WebPushSubscription::parse(&with("/keys/auth", json!(bad)))),
                json!({"keys": {"auth": ["Enter 16 bytes in base64url."]}}),
                "{bad}"
            );
        }
    }

    #[test]
    fn all_errors_are_reported() {
        let required = json!(["This field is required."]);
        assert_eq!(
            errors_of(WebPushSubscription::parse(&json!({"keys": {}}))),
            json!({"endpoint": required, "keys": {"p256dh": required, "auth": required}})
        );
        assert_eq!(
            errors_of(WebPushSubscription::parse(&with("/keys", json!("x")))),
            json!({"keys": {"error": ["Invalid data. Expected a dictionary, but got str."]}})
        );
        assert_eq!(
            errors_of(WebPushSubscription::parse(&with("/keys/auth", json!([])))),
            json!({"keys": {"auth": ["Not a valid string."]}})
        );
    }

    proptest! {
        #[test]
        fn any_value_is_answered(value in arbitrary_json(), text in any::<String>()) {
            let _ = WebPushSubscription::parse(&value);
            for pointer in ["/endpoint", "/keys", "/keys/p256dh", "/keys/auth", "/expirationTime"] {
                let _ = WebPushSubscription::parse(&with(pointer, value.clone()));
                let _ = WebPushSubscription::parse(&with(pointer, json!(text)));
            }
        }

        #[test]
        fn keys_survive_with_and_without_padding(point in any::<[u8; 32]>(), auth in any::<[u8; 16]>()) {
            let point = [&[UNCOMPRESSED][..], &point, &point].concat();
            let mut value = with("/keys/p256dh", json!(Base64UrlUnpadded::encode_string(&point)));
            value["keys"]["auth"] = json!(base64ct::Base64Url::encode_string(&auth));
            let subscription = WebPushSubscription::parse(&value).unwrap();
            prop_assert_eq!(&subscription.p256dh[..], &point[..]);
            prop_assert_eq!(subscription.auth, auth);
            let text = subscription.to_text();
            let again = WebPushSubscription::parse(&serde_json::from_str(&text).unwrap()).unwrap();
            prop_assert_eq!(again.to_text(), text);
        }
    }
}
