//! The way to this service: a dry run, an import that is broken off and goes on, and what users find.

use std::time::Instant;

use e2e::{Service, eventually};
use futures::{StreamExt, stream};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::clients::{PROFILE, address, count, exchange, ids, login, refresh_token};
use crate::command::Databases;
use crate::django::{Django, password};

/// Who are refused: two pairs that differ in letter case only, and two with names that are none.
const REFUSED: [(&str, &str); 6] = [
    ("same_1", "email"),
    ("same_2", "email"),
    ("Twin", "username"),
    ("tWIN", "username"),
    ("no_address", "email"),
    ("no name!", "username"),
];

/// Who are brought over with another value.
const CHANGED: [(&str, &str); 6] = [
    ("upper_case", "email"),
    ("no_zone", "profile.timezone"),
    ("no_language", "profile.language"),
    ("no_picture", "profile.avatar_url"),
    ("long_bio", "profile.bio"),
    ("negative", "preferences.frequency_limit"),
];

/// Whose password has to be reset; the last one has no profile either.
const WITHOUT_PASSWORD: [&str; 4] = ["unusable", "scrypt", "costly", "bare"];

pub(crate) async fn a_dry_run_tells_everything_and_changes_nothing(
    service: &Service,
    django: &mut Django,
    databases: &Databases,
) {
    let ids = ids(django).await;

    let dry = databases.import(&["--dry-run"]);

    assert!(!dry.status.success(), "{}", dry.said);
    assert!(dry.said.contains("would be refused"), "{}", dry.said);
    for (name, field) in REFUSED {
        assert_eq!(dry.reports("refused", &ids[name]), [field], "{name}");
    }
    for (name, field) in CHANGED {
        assert_eq!(dry.reports("changed", &ids[name]), [field], "{name}");
    }
    for name in WITHOUT_PASSWORD {
        assert!(
            dry.reports("noted", &ids[name])
                .contains(&"password".to_owned()),
            "{name}"
        );
    }
    assert_eq!(dry.count("refused", "users"), REFUSED.len());
    assert_eq!(dry.count("changed", "users"), CHANGED.len());
    assert_eq!(dry.count("refused", "push_tokens"), 3);
    assert_eq!(dry.count("changed", "push_tokens"), 1);
    assert_eq!(dry.count("refused", "token_blacklist_outstandingtoken"), 1);
    let text = dry.report.iter().map(Value::to_string).collect::<String>() + &dry.said;
    for secret in [
        "pbkdf2_sha256",
        "scrypt$",
        "token-",
        "push.example",
        "Xk2brought",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    for table in [
        "users",
        "imported_rows",
        "legacy_refresh_tokens",
        "audit_log",
    ] {
        assert_eq!(count(service, table).await, 0, "{table}");
    }
    eprintln!("dry run: {:?}", dry.duration);
}

pub(crate) async fn a_run_that_was_broken_off_goes_on(
    service: &Service,
    databases: &Databases,
    users: u32,
) {
    let mut broken_off = databases.begin_import(&["--batch", "50"]);
    eventually("the first have been brought over", async || {
        count(service, "imported_rows").await > 0
    })
    .await;
    broken_off.kill().unwrap();
    broken_off.wait().unwrap();

    let done = databases.import(&[]);
    assert!(done.status.success(), "{}", done.said);
    let again = databases.import(&[]);
    assert!(again.status.success(), "{}", again.said);

    let odd = CHANGED.len() + WITHOUT_PASSWORD.len();
    let expected = i64::from(users) + i64::try_from(odd).unwrap();
    for table in ["users", "user_profiles", "notification_preferences"] {
        assert_eq!(count(service, table).await, expected, "{table}");
    }
    let summary: String = service
        .value(
            "select details::text from audit_log where action = 'users_imported'
             order by occurred_at desc limit 1",
            &[],
        )
        .await;
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["users"]["imported"], 0);
    assert_eq!(summary["users"]["updated"], 0);
    assert_eq!(summary["users"]["unchanged"], expected);
    assert_eq!(summary["users"]["refused"], REFUSED.len());
    eprintln!(
        "import: {:?}, once more: {:?}",
        done.duration, again.duration
    );
    eprintln!("{}", done.said);
}

/// All columns of all that could be brought over as it is are the same on both sides.
pub(crate) async fn everybody_has_what_he_had(service: &Service, django: &mut Django, users: u32) {
    const DIGESTS: [&str; 4] = [
        "select md5(string_agg(row(
            id, email, username, password, phone_number, first_name, last_name, is_active, is_verified,
            is_staff, is_superuser, last_login, last_login_ip, date_joined, created_at, updated_at
         )::text, '' order by id)) from users where email like 'user%@django.example'",
        "select md5(string_agg(row(
            profile.id, user_id, profile.first_name, profile.last_name, avatar_url, timezone, language, bio,
            profile.created_at, profile.updated_at
         )::text, '' order by profile.id)) from user_profiles as profile
         join users on users.id = user_id where email like 'user%@django.example'",
        "select md5(string_agg(row(
            preferences.id, user_id, email_enabled, email_marketing, email_transactional, email_security,
            email_system, push_enabled, push_marketing, push_transactional, push_security, push_system,
            do_not_disturb_start, do_not_disturb_end, frequency_limit, preferences.created_at,
            preferences.updated_at
         )::text, '' order by preferences.id)) from notification_preferences as preferences
         join users on users.id = user_id where email like 'user%@django.example'",
        "select md5(string_agg(row(
            push_token.id, user_id, token, token_type, platform, device_id, device_name, push_token.is_active,
            last_used, push_token.created_at, push_token.updated_at
         )::text, '' order by push_token.id)) from push_tokens as push_token
         join users on users.id = user_id where email like 'user%@django.example'",
    ];
    for query in DIGESTS {
        let here: String = service.value(query, &[]).await;
        assert_eq!(here, django.text(query).await, "{query}");
    }
    let stored: Vec<(&str, &str)> = vec![
        ("select email from users where username = 'upper_case'", "upper.case@odd.example"),
        ("select timezone from user_profiles join users on users.id = user_id where username = 'no_zone'", "UTC"),
        ("select language from user_profiles join users on users.id = user_id where username = 'no_language'", "en"),
        (
            "select coalesce(avatar_url, 'none') from user_profiles join users on users.id = user_id
             where username = 'no_picture'",
            "none",
        ),
        (
            "select length(bio)::text from user_profiles join users on users.id = user_id where username = 'long_bio'",
            "10000",
        ),
        (
            "select frequency_limit::text from notification_preferences join users on users.id = user_id
             where username = 'negative'",
            "0",
        ),
        ("select user_profiles.first_name from user_profiles join users on users.id = user_id where username = 'bare'", "Bare"),
        (
            "select token_type from push_tokens join users on users.id = user_id where username = 'bare'",
            "vapid",
        ),
        (
            "select string_agg(role, ' ' order by role) from user_roles join users on users.id = user_id
             where username = 'bare'",
            "admin support",
        ),
        (
            "select string_agg(details ->> 'granted', ' ' order by details ->> 'granted') from audit_log
             where action = 'authz_change'",
            "admin support",
        ),
    ];
    for (query, expected) in stored {
        assert_eq!(
            service.value::<String>(query, &[]).await,
            expected,
            "{query}"
        );
    }
    let live = "select count(*) from legacy_refresh_tokens where ended_at is null";
    assert_eq!(service.value::<i64>(live, &[]).await, i64::from(users / 2));
    assert_eq!(
        count(service, "roles join user_roles on role = name").await,
        2
    );
}

pub(crate) async fn old_passwords_work_and_are_hashed_anew(service: &Service, logins: u32) {
    let begun = Instant::now();
    let signed_in = stream::iter(1..=logins)
        .map(async |number| {
            let address = address(number);
            let wrong = login(service, &address, "Kx7! brought alone").await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            let right = login(service, &address, &password(number)).await;
            assert_eq!(right.status, StatusCode::OK, "{right}");
            assert_eq!(right.text("/data/username"), format!("user{number}"));
            // With the new hash.
            let again = login(service, &address, &password(number)).await;
            assert_eq!(again.status, StatusCode::OK, "{again}");
        })
        .buffer_unordered(4)
        .count()
        .await;
    eprintln!(
        "{signed_in} users signed in twice, and failed once: {:?}",
        begun.elapsed()
    );
    let upgraded =
        "select count(*) from users where password like '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(service.value::<i64>(upgraded, &[]).await, i64::from(logins));
    for name in WITHOUT_PASSWORD {
        let answer = login(service, &format!("{name}@odd.example"), "Kx7! whatever").await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {answer}"
        );
    }
}

pub(crate) async fn old_refresh_tokens_are_exchanged_once(service: &Service) {
    for number in [2, 4, 6, 8, 10] {
        let token =
            refresh_token(service, &format!("user{number}"), &format!("jti {number}")).await;
        let answer = exchange(service, &token).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        let client = service.client();
        let request = client.request(Method::GET, PROFILE);
        let profile = request.bearer(answer.text("/access")).send().await;
        assert_eq!(profile.text("/data/username"), format!("user{number}"));
        let earlier = "update sessions set rotated_at = rotated_at - interval '1 minute'";
        service.execute(earlier, &[]).await;
        let again = exchange(service, &token).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "{again}");
    }
    for jti in ["blacklisted", "expired", "unknown"] {
        let token = refresh_token(service, "bare", jti).await;
        let answer = exchange(service, &token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{jti}: {answer}");
    }
}
