//! The user object and what is in it.

use domain::{
    AvatarUrl, LanguageTag, Password, PasswordViolation, PhoneNumber, ProfileFields, Username,
};

use crate::schema::{
    Field, Schema, boolean, count, email, field, integer, object, partial, pattern, reference,
    string, text, timestamp, uuid,
};

/// Longest name of a time zone, in characters.
const LONGEST_TIME_ZONE: usize = 50;

/// The schemas.
pub(crate) fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("User", object(fields())),
        ("SomeOfUser", partial(fields())),
        ("Profile", object(profile_fields())),
        ("Preferences", object(preferences_fields())),
        ("SomeOfPreferences", partial(preferences_fields())),
        ("Tokens", object(token_fields())),
    ]
}

/// The fields of a user.
pub(crate) fn fields() -> Vec<Field> {
    vec![
        field("id", uuid(), "Who he is; it never changes."),
        field("email", email(), "By which he signs in, in lower case."),
        field("username", username(), "Unique in any letter case."),
        field(
            "phone_number",
            text(PhoneNumber::LONGEST).nullable(),
            "As he has written it.",
        ),
        field(
            "is_verified",
            boolean(),
            "Whether the address is known to be his.",
        ),
        field("is_active", boolean(), "Whether he may sign in."),
        field("created_at", timestamp(), "When he registered."),
        field(
            "updated_at",
            timestamp(),
            "When something of this changed at last.",
        ),
        field(
            "last_login",
            timestamp().nullable(),
            "When he signed in at last.",
        ),
        field("profile", reference("Profile"), "What he says of himself."),
        field(
            "notification_preferences",
            reference("Preferences"),
            "How he wants to be notified.",
        ),
        field(
            "push_tokens_count",
            count(),
            "How many of his devices are active.",
        ),
    ]
}

/// The fields of a profile.
pub(crate) fn profile_fields() -> Vec<Field> {
    let name = || text(ProfileFields::LONGEST_NAME);
    vec![
        field("id", uuid(), "Which profile."),
        field("first_name", name(), "Perhaps empty."),
        field("last_name", name(), "Perhaps empty."),
        field(
            "full_name",
            string(),
            "Both names, else the user name; not writable.",
        ),
        field(
            "avatar_url",
            text(AvatarUrl::LONGEST).nullable(),
            "Where his picture is.",
        ),
        field(
            "timezone",
            text(LONGEST_TIME_ZONE),
            "A name of the IANA database.",
        ),
        field(
            "language",
            text(LanguageTag::LONGEST),
            "A language tag (BCP 47).",
        ),
        field(
            "bio",
            text(ProfileFields::LONGEST_BIO),
            "What he says of himself.",
        ),
        field("created_at", timestamp(), "When it was made."),
        field("updated_at", timestamp(), "When it changed at last."),
    ]
}

/// The switches of notification preferences, with what each is for.
pub(crate) const SWITCHES: [(&str, &str); 10] = [
    ("email_enabled", "Whether he wants any e-mail at all."),
    ("email_marketing", "E-mails that advertise."),
    (
        "email_transactional",
        "E-mails about what he does or has to do.",
    ),
    ("email_security", "E-mails about the safety of his account."),
    ("email_system", "E-mails about the service."),
    ("push_enabled", "Whether he wants any push message at all."),
    ("push_marketing", "Push messages that advertise."),
    (
        "push_transactional",
        "Push messages about what he does or has to do.",
    ),
    (
        "push_security",
        "Push messages about the safety of his account.",
    ),
    ("push_system", "Push messages about the service."),
];

/// The fields of notification preferences.
pub(crate) fn preferences_fields() -> Vec<Field> {
    let mut fields = vec![field("id", uuid(), "Which preferences.")];
    fields.extend(SWITCHES.map(|(name, description)| field(name, boolean(), description)));
    fields.extend([
        field(
            "do_not_disturb_start",
            shown_time().nullable(),
            "When quiet hours begin, on his clock.",
        ),
        field(
            "do_not_disturb_end",
            shown_time().nullable(),
            "When quiet hours end, on his clock.",
        ),
        field(
            "frequency_limit",
            frequency_limit(),
            "Most messages on a channel in any 24 hours; 0: no limit.",
        ),
        field("created_at", timestamp(), "When they were made."),
        field("updated_at", timestamp(), "When they changed at last."),
    ]);
    fields
}

/// The fields of a pair of tokens.
pub(crate) fn token_fields() -> Vec<Field> {
    vec![
        field("refresh", token(), "For the next pair, once."),
        field("access", token(), "For requests."),
    ]
}

/// A JWT (RFC 7519).
pub(crate) fn token() -> Schema {
    pattern(r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")
}

/// A user name.
pub(crate) fn username() -> Schema {
    text(Username::LONGEST)
        .with("minLength", 1)
        // Letters and digits of any script, which not every dialect of patterns can name: no others of ASCII.
        .with(
            "pattern",
            r"^[^\x00-\x2a\x2c\x2f\x3a-\x3f\x5b-\x5e\x60\x7b-\x7f]+$",
        )
}

/// How many messages a user takes.
pub(crate) fn frequency_limit() -> Schema {
    integer(0, i32::MAX.into())
}

/// A time of day as answers have it.
fn shown_time() -> Schema {
    pattern(r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{6})?$")
}

/// A time of day as requests may have it.
pub(crate) fn time_of_day() -> Schema {
    pattern(r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$")
}

/// The name of a time zone.
pub(crate) fn time_zone() -> Schema {
    text(LONGEST_TIME_ZONE).with("minLength", 1)
}

/// A password that is set.
pub(crate) fn new_password_field(name: &'static str) -> Field {
    let password = text(PasswordViolation::MOST_CHARACTERS)
        .with("minLength", PasswordViolation::FEWEST_CHARACTERS)
        .with("format", "password");
    field(
        name,
        password,
        "Not one of the most used, not only digits, not like the address or the name; never trimmed.",
    )
}

/// A password that is compared.
pub(crate) fn password() -> Schema {
    text(Password::MOST_BYTES)
        .with("minLength", 1)
        .with("format", "password")
}
