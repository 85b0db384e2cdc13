//! The forgeries, by what they exploit.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use e2e::{Jwt, SigningKey, jwt};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a forger has: tokens of his own, the published keys, and for the worst case the keys that only
/// the service has.
pub(crate) struct Forger<'a> {
    /// A good token of the type that is wanted.
    pub(crate) good: &'a str,
    /// A good token of another type.
    pub(crate) other: &'a str,
    /// The key that has signed both.
    pub(crate) active: &'a SigningKey,
    /// Another key of the service.
    pub(crate) standby: &'a SigningKey,
    /// The secret of HS256.
    pub(crate) secret: &'a str,
}

/// A description and a token.
type Vector = (String, String);

/// All forgeries.
pub(crate) fn vectors(forger: &Forger<'_>) -> Vec<Vector> {
    [
        unsigned(forger),
        confused(forger),
        foreign_keys(forger),
        key_ids(forger),
        headers(forger),
        times(forger),
        claims(forger),
        audiences(forger),
        odd_json(forger),
        spellings(forger),
        structures(forger),
        signatures(forger),
        sizes(forger),
    ]
    .concat()
}

impl Forger<'_> {
    fn jwt(&self) -> Jwt {
        Jwt::read(self.good)
    }

    fn parts(&self) -> [&str; 3] {
        let parts: Vec<_> = self.good.split('.').collect();
        parts.try_into().expect("three parts")
    }

    /// Signed by the service's own key, with a claim bent.
    fn with_claim(&self, name: &str, value: Value) -> Vector {
        let what = format!("claim {name} = {value}");
        (what, self.jwt().claim(name, value).signed_by(self.active))
    }

    /// Signed by the service's own key, with a parameter of the header bent.
    fn with_header(&self, name: &str, value: Value) -> Vector {
        let what = format!("header {name} = {value}");
        (what, self.jwt().header(name, value).signed_by(self.active))
    }
}

/// RFC 8725, section 2.1: no signature, whatever the algorithm is called.
fn unsigned(forger: &Forger<'_>) -> Vec<Vector> {
    let names = [
        "none", "None", "nOnE", "NONE", "", " none", "HS256", "EdDSA", "RS256", "ES256", "PS512",
    ];
    let mut vectors: Vec<_> = names
        .into_iter()
        .map(|name| {
            let token = forger.jwt().header("alg", name).unsigned();
            (format!("unsigned, alg {name:?}"), token)
        })
        .collect();
    let mut nameless = forger.jwt();
    nameless.header = json!({"alg": "none"});
    vectors.push(("unsigned, alg none alone".to_owned(), nameless.unsigned()));
    for name in ["none", "NONE"] {
        let token = forger.jwt().header("alg", name).signed_by(forger.active);
        vectors.push((format!("signed, alg {name}"), token));
    }
    vectors
}

/// RFC 8725, section 2.1: the public key as the secret of HS256, and the secret for a key of `EdDSA`.
fn confused(forger: &Forger<'_>) -> Vec<Vector> {
    let public = forger.active.public();
    let x = BASE64URL.encode(public);
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
        "kid": forger.active.kid, "x": x,
    });
    // RFC 8410, section 4: the prefix of a SubjectPublicKeyInfo for Ed25519.
    let prefix = [48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0];
    let spki = [&prefix[..], &public].concat();
    let encoded = base64::engine::general_purpose::STANDARD.encode(&spki);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n");
    let keys: [(&str, Vec<u8>); 6] = [
        ("its bytes", public.to_vec()),
        ("its x", x.into_bytes()),
        ("its JWK", jwk.to_string().into_bytes()),
        ("its DER", spki),
        ("its PEM", pem.into_bytes()),
        ("nothing", Vec::new()),
    ];
    let claims = forger.jwt().claims.to_string();
    let headers = [
        json!({"alg": "HS256", "typ": "JWT", "kid": forger.active.kid}),
        json!({"alg": "HS256", "typ": "JWT"}),
        json!({"alg": "EdDSA", "typ": "JWT", "kid": forger.active.kid}),
    ];
    let mut vectors = Vec::new();
    for (name, key) in &keys {
        for header in &headers {
            let token = jwt::sign_with_bytes(&header.to_string(), &claims, key);
            vectors.push((format!("HMAC with {name}, {header}"), token));
        }
    }
    for header in [&headers[0], &headers[2]] {
        let token = jwt::sign(&header.to_string(), &claims, forger.secret);
        vectors.push((format!("HMAC with the secret, {header}"), token));
    }
    let header = headers[1].to_string();
    vectors.push((
        "EdDSA as HS256".to_owned(),
        jwt::sign_by(&header, &claims, forger.active),
    ));
    vectors
}

/// Keys of the forger's own, which the token brings along or points to.
fn foreign_keys(forger: &Forger<'_>) -> Vec<Vector> {
    let own = SigningKey::new(&forger.active.kid);
    let jwk = own.jwk("retired");
    let mut vectors = vec![
        ("a foreign key".to_owned(), forger.jwt().signed_by(&own)),
        (
            "another key of ours".to_owned(),
            forger.jwt().signed_by(forger.standby),
        ),
    ];
    for (name, value) in [
        ("jwk", jwk.clone()),
        ("jku", json!("https://forger.example/jwks.json")),
        ("x5u", json!("https://forger.example/chain.pem")),
        ("x5c", json!([BASE64URL.encode(own.public())])),
        ("x5t", json!("dGh1bWI")),
    ] {
        let bent = forger.jwt().header(name, value);
        vectors.push((format!("foreign {name}"), bent.signed_by(&own)));
        let nameless = Jwt {
            header: {
                let mut header = bent.header.clone();
                let parameters = header.as_object_mut().expect("an object");
                parameters.shift_remove("kid");
                header
            },
            ..bent
        };
        vectors.push((
            format!("foreign {name} without kid"),
            nameless.signed_by(&own),
        ));
    }
    vectors
}

/// RFC 8725, section 3.10: `kid` names a key of ours exactly, or none.
fn key_ids(forger: &Forger<'_>) -> Vec<Vector> {
    let kid = forger.active.kid.as_str();
    [
        json!(""),
        json!("unknown"),
        json!("../../../../dev/null"),
        json!("/dev/null"),
        json!("' or '1'='1"),
        json!("$(id)"),
        json!("http://127.0.0.1/key"),
        json!(kid.to_uppercase()),
        json!(format!("{kid}\0")),
        json!(format!(" {kid}")),
        json!("x".repeat(5_000)),
        json!(null),
        json!(1),
        json!([kid]),
        json!({"kid": kid}),
        json!(forger.standby.kid),
    ]
    .into_iter()
    .map(|value| forger.with_header("kid", value))
    .collect()
}

/// RFC 8725, sections 3.1 and 3.11; RFC 7515, section 4.1.11; RFC 7797.
fn headers(forger: &Forger<'_>) -> Vec<Vector> {
    let mut vectors: Vec<_> = [
        ("alg", json!("HS256")),
        ("alg", json!("Ed25519")),
        ("alg", json!("eddsa")),
        ("alg", json!("ES256")),
        ("alg", json!(["EdDSA"])),
        ("alg", json!(null)),
        ("typ", json!("at+jwt")),
        ("typ", json!("JOSE")),
        ("typ", json!("dpop+jwt")),
        ("typ", json!("secevent+jwt")),
        ("typ", json!(1)),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!(null)),
        ("b64", json!(false)),
        ("b64", json!(true)),
    ]
    .into_iter()
    .map(|(name, value)| forger.with_header(name, value))
    .collect();
    let crit = forger.jwt().header("crit", json!(["b64"]));
    vectors.push((
        "crit with b64".to_owned(),
        crit.header("b64", false).signed_by(forger.active),
    ));
    vectors
}

/// RFC 7519, sections 4.1.4 to 4.1.6.
fn times(forger: &Forger<'_>) -> Vec<Vector> {
    let now = forger.jwt().seconds("iat");
    let end = forger.jwt().seconds("exp");
    let mut vectors: Vec<_> = [
        ("exp", json!(now - 1)),
        ("exp", json!(0)),
        ("exp", json!(-1)),
        ("exp", json!(end.to_string())),
        ("exp", json!(1e12)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(null)),
        ("exp", json!([end])),
        ("nbf", json!(now + 300)),
        ("nbf", json!("0")),
        ("iat", json!(now + 300)),
        ("iat", json!(-1)),
        ("iat", json!(now.to_string())),
    ]
    .into_iter()
    .map(|(name, value)| forger.with_claim(name, value))
    .collect();
    let endless = forger.jwt().without_claim("exp");
    vectors.push(("no exp".to_owned(), endless.signed_by(forger.active)));
    let claims = forger.jwt().claims.to_string();
    let header = forger.jwt().header.to_string();
    for number in ["1e400", "0x7fffffff", "+1", "Infinity"] {
        let claims = claims.replace(&format!("\"exp\":{end}"), &format!("\"exp\":{number}"));
        let token = jwt::sign_by(&header, &claims, forger.active);
        vectors.push((format!("exp spelt {number}"), token));
    }
    vectors
}

/// Who and what for.
fn claims(forger: &Forger<'_>) -> Vec<Vector> {
    let mut vectors = vec![("another type".to_owned(), forger.other.to_owned())];
    let other_type = Jwt::read(forger.other).claims["token_type"].clone();
    for (name, value) in [
        ("token_type", other_type),
        ("token_type", json!("service")),
        ("token_type", json!("Access")),
        ("token_type", json!(null)),
        ("user_id", json!("1' or '1'='1")),
        ("user_id", json!(Uuid::nil())),
        ("user_id", json!(1)),
        ("sid", json!("../..")),
        ("sid", json!(Uuid::nil())),
        ("sid", json!([])),
        ("jti", json!("")),
        ("scope", json!(["admin"])),
    ] {
        vectors.push(forger.with_claim(name, value));
    }
    for name in ["token_type", "user_id", "jti", "sid"] {
        let token = forger.jwt().without_claim(name).signed_by(forger.active);
        vectors.push((format!("no {name}"), token));
    }
    vectors
}

/// RFC 8725, sections 3.8 and 3.9.
fn audiences(forger: &Forger<'_>) -> Vec<Vector> {
    let issuer = forger.jwt().claims["iss"].clone();
    let audience = forger.jwt().claims["aud"].clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut vectors: Vec<_> = [
        ("iss", json!("https://forger.example")),
        ("iss", json!(format!("{}/", text(&issuer)))),
        ("iss", json!("")),
        ("iss", json!([issuer])),
        ("aud", json!("another")),
        ("aud", json!(text(&audience).to_uppercase())),
        ("aud", json!(["another"])),
        ("aud", json!([])),
        ("aud", json!({"0": audience})),
        ("aud", json!("")),
    ]
    .into_iter()
    .map(|(name, value)| forger.with_claim(name, value))
    .collect();
    for name in ["iss", "aud"] {
        let token = forger.jwt().without_claim(name).signed_by(forger.active);
        vectors.push((format!("no {name}"), token));
        let hs256 = Jwt {
            header: json!({"alg": "HS256", "typ": "JWT"}),
            ..forger.jwt().without_claim(name)
        };
        vectors.push((format!("no {name}, HS256"), hs256.signed(forger.secret)));
    }
    vectors
}

/// JSON that two parsers might read in two ways (RFC 8725, section 2.6).
fn odd_json(forger: &Forger<'_>) -> Vec<Vector> {
    let Jwt { header, claims } = forger.jwt();
    let (header, claims) = (header.to_string(), claims.to_string());
    let before = |text: &str, member: &str| text.replacen('{', &format!("{{{member},"), 1);
    let other_user = format!("\"user_id\":\"{}\"", Uuid::new_v4());
    let mut vectors: Vec<_> = [
        (
            "alg twice",
            before(&header, "\"alg\":\"none\""),
            claims.clone(),
        ),
        (
            "kid twice",
            before(&header, "\"kid\":\"x\""),
            claims.clone(),
        ),
        (
            "kid twice, once escaped",
            before(&header, "\"\\u006bid\":\"x\""),
            claims.clone(),
        ),
        ("exp twice", header.clone(), before(&claims, "\"exp\":1")),
        ("user twice", header.clone(), before(&claims, &other_user)),
        (
            "type twice",
            header.clone(),
            before(&claims, "\"token_type\":\"refresh\""),
        ),
        ("claims are a list", header.clone(), format!("[{claims}]")),
        (
            "claims are a text",
            header.clone(),
            json!(claims).to_string(),
        ),
        ("claims are a token", header.clone(), forger.good.to_owned()),
        (
            "claims end early",
            header.clone(),
            claims[..claims.len() - 1].to_owned(),
        ),
        ("claims twice", header.clone(), format!("{claims}{claims}")),
        (
            "claims with a byte order mark",
            header.clone(),
            format!("\u{feff}{claims}"),
        ),
        ("header is a list", format!("[{header}]"), claims.clone()),
        ("header is null", "null".to_owned(), claims.clone()),
        ("header is empty", String::new(), claims.clone()),
    ]
    .into_iter()
    .map(|(what, header, claims)| {
        let token = jwt::sign_by(&header, &claims, forger.active);
        (what.to_owned(), token)
    })
    .collect();
    let deep = before(&claims, &format!("\"iss\":{}", "[".repeat(2_000)));
    let token = jwt::sign_by(&header, &deep, forger.active);
    vectors.push(("deep JSON".to_owned(), token));
    vectors
}

/// base64url has one spelling (RFC 7515, section 2; RFC 4648, section 3.5).
fn spellings(forger: &Forger<'_>) -> Vec<Vector> {
    let [header, claims, signature] = forger.parts();
    let stray = with_stray_bits(signature);
    let standard = "+".to_owned() + &signature[1..];
    let percent = format!("%{:02X}{}", signature.as_bytes()[0], &signature[1..]);
    [
        ("padded header", format!("{header}=.{claims}.{signature}")),
        ("padded claims", format!("{header}.{claims}=.{signature}")),
        (
            "padded signature",
            format!("{header}.{claims}.{signature}=="),
        ),
        ("stray bits", format!("{header}.{claims}.{stray}")),
        (
            "the standard alphabet",
            format!("{header}.{claims}.{standard}"),
        ),
        ("percent encoding", format!("{header}.{claims}.{percent}")),
        (
            "a character more",
            format!("{header}.{claims}.{signature}A"),
        ),
        (
            "a character less",
            format!("{header}.{claims}.{}", &signature[1..]),
        ),
    ]
    .map(|(what, token)| (what.to_owned(), token))
    .into()
}

/// Parts that are missing, empty or too many (RFC 7516 has five).
fn structures(forger: &Forger<'_>) -> Vec<Vector> {
    let [header, claims, signature] = forger.parts();
    [
        ("a dot".to_owned(), ".".to_owned()),
        ("two dots".to_owned(), "..".to_owned()),
        (
            "five parts".to_owned(),
            format!("{header}.{claims}.{signature}.{claims}.{signature}"),
        ),
        (
            "four parts".to_owned(),
            format!("{header}.{claims}.{signature}.{signature}"),
        ),
        ("a dot at the end".to_owned(), format!("{}.", forger.good)),
        (
            "a dot at the beginning".to_owned(),
            format!(".{}", forger.good),
        ),
        ("no signature".to_owned(), format!("{header}.{claims}")),
        (
            "an empty signature".to_owned(),
            format!("{header}.{claims}."),
        ),
        ("empty claims".to_owned(), format!("{header}..{signature}")),
        (
            "an empty header".to_owned(),
            format!(".{claims}.{signature}"),
        ),
        (
            "parts in another order".to_owned(),
            format!("{claims}.{header}.{signature}"),
        ),
        (
            "detached claims".to_owned(),
            jwt::sign_by(&forger.jwt().header.to_string(), "", forger.active),
        ),
        ("the word null".to_owned(), "null".to_owned()),
    ]
    .into()
}

/// Signatures that are changed, of something else, or another form of the same.
fn signatures(forger: &Forger<'_>) -> Vec<Vector> {
    let [header, claims, signature] = forger.parts();
    let bytes = BASE64URL.decode(signature).expect("base64url");
    let other = forger.other.rsplit('.').next().expect("a signature");
    let mut changed = bytes.clone();
    changed[0] ^= 1;
    let mut last = bytes.clone();
    last[63] ^= 0x80;
    let later = forger.jwt().claim("exp", 4_000_000_000_u64);
    let later = BASE64URL.encode(later.claims.to_string());
    let swapped = [&bytes[32..], &bytes[..32]].concat();
    [
        ("a bit changed at the beginning", BASE64URL.encode(changed)),
        ("a bit changed at the end", BASE64URL.encode(last)),
        ("zeros", BASE64URL.encode([0; 64])),
        ("its halves swapped", BASE64URL.encode(swapped)),
        (
            "s larger than the group",
            BASE64URL.encode(malleated(&bytes)),
        ),
        ("63 bytes", BASE64URL.encode(&bytes[..63])),
        ("65 bytes", BASE64URL.encode([&bytes[..], &[0]].concat())),
        ("of another token", other.to_owned()),
    ]
    .map(|(what, signature)| {
        let token = format!("{header}.{claims}.{signature}");
        (format!("signature: {what}"), token)
    })
    .into_iter()
    .chain([(
        "claims changed under a signature".to_owned(),
        format!("{header}.{later}.{signature}"),
    )])
    .collect()
}

/// Longer than any of ours.
fn sizes(forger: &Forger<'_>) -> Vec<Vector> {
    [9_000, 30_000]
        .map(|length| {
            let padded = forger.jwt().claim("padding", "x".repeat(length));
            let what = format!("{length} bytes of padding");
            (what, padded.signed_by(forger.active))
        })
        .into_iter()
        .chain([("dots".to_owned(), ".".repeat(20_000))])
        .collect()
}

/// The same bytes with a bit set that base64 does not use.
fn with_stray_bits(signature: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = signature.split_at(signature.len() - 1);
    let position = alphabet
        .iter()
        .position(|letter| [*letter] == *last.as_bytes())
        .expect("base64url");
    format!("{rest}{}", char::from(alphabet[position + 1]))
}

/// The signature with the group's order added to its second half, which is another spelling of it to who
/// does not look (RFC 8032, section 5.1.7).
fn malleated(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    let sum = signature[32..].iter().zip(ORDER).map(|(one, other)| {
        let sum = u16::from(*one) + u16::from(other) + carry;
        carry = sum >> 8;
        sum.to_le_bytes()[0]
    });
    let sum: Vec<u8> = sum.collect();
    [&signature[..32], &sum].concat()
}
