//! `import-django`, from a database as the old service has it into a running service whose clients are those of
//! the old one, and `export-django`, the way back. `IMPORT_USERS` and `IMPORT_LOGINS` make it a rehearsal with as many; it prints what took how long.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in here fails the test that called it"
)]

mod command;
mod django;

use std::collections::BTreeMap;
use std::env;
use std::time::Instant;

use argon2::PasswordVerifier;
use e2e::{Answer, Service, TestUser, eventually, jwt};
use futures::StreamExt;
use futures::stream;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::command::Databases;
use crate::django::{Django, password};

const LOGIN: &str = "/api/v1/users/login";
const REFRESH: &str = "/api/v1/users/token/refresh";
const PROFILE: &str = "/api/v1/users/profile";

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

fn number(variable: &str, default: u32) -> u32 {
    let value = env::var(variable).ok();
    value.map_or(default, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_users_of_the_old_service_go_on_with_this_one() {
    let users = number("IMPORT_USERS", 500);
    let logins = number("IMPORT_LOGINS", 20);
    let service = Service::on_own_servers(&[]);
    let stack = service.stack();
    let mut django = Django::new(stack.postgresql().unwrap(), users, logins).await;
    let databases = Databases::new(&django.url, stack.database_url());

    a_dry_run_tells_everything_and_changes_nothing(&service, &mut django, &databases).await;
    a_run_that_was_broken_off_goes_on(&service, &databases, users).await;
    everybody_has_what_he_had(&service, &mut django, users).await;
    old_passwords_work_and_are_hashed_anew(&service, logins).await;
    old_refresh_tokens_are_exchanged_once(&service).await;
    what_has_changed_since_is_brought_over(&service, &mut django, &databases).await;
    what_has_changed_here_is_given_back(&service, &mut django, &databases).await;
}

async fn a_dry_run_tells_everything_and_changes_nothing(
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

async fn a_run_that_was_broken_off_goes_on(service: &Service, databases: &Databases, users: u32) {
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
async fn everybody_has_what_he_had(service: &Service, django: &mut Django, users: u32) {
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

async fn old_passwords_work_and_are_hashed_anew(service: &Service, logins: u32) {
    let begun = Instant::now();
    let signed_in = stream::iter(1..=logins)
        .map(async |number| {
            let wrong = login(service, number, "Kx7! brought alone").await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            let right = login(service, number, &password(number)).await;
            assert_eq!(right.status, StatusCode::OK, "{right}");
            assert_eq!(right.text("/data/username"), format!("user{number}"));
            // With the new hash.
            let again = login(service, number, &password(number)).await;
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
        let body = json!({"email": format!("{name}@odd.example"), "password": "Kx7! whatever"});
        let answer = service.client().post(LOGIN, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {answer}"
        );
    }
}

async fn old_refresh_tokens_are_exchanged_once(service: &Service) {
    for number in [2, 4, 6, 8, 10] {
        let token =
            refresh_token(service, &format!("user{number}"), &format!("jti {number}")).await;
        let answer = exchange(service, &token).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        let client = service.client();
        let request = client.request(http::Method::GET, PROFILE);
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

async fn what_has_changed_since_is_brought_over(
    service: &Service,
    django: &mut Django,
    databases: &Databases,
) {
    let ids = ids(django).await;
    let [there, both, erased] = [1, 2, 3].map(|number| signed_in(service, number));
    let (there, both, erased) = (there.await, both.await, erased.await);
    assert_eq!(there.get(PROFILE).await.text("/data/profile/bio"), "");
    let bio = json!({"profile": {"bio": "Changed here"}});
    assert_eq!(both.patch(PROFILE, &bio).await.status, StatusCode::OK);
    let body = json!({"password": erased.password});
    let request = erased.request(http::Method::DELETE, "/api/v1/users/account");
    let answer = request.json(&body).send().await;
    assert!(answer.status.is_success(), "{answer}");
    django
        .execute(
            "update user_profiles set bio = 'Changed there'
             where user_id in (select id from users where username in ('user1', 'user2', 'user3'))",
        )
        .await;
    // As Django's `QuerySet.update`, which moves no `updated_at`.
    let silenced = django
        .execute("update push_tokens set is_active = false where token = 'token-5-1'")
        .await;
    assert_eq!(silenced, 1);
    django
        .execute(
            "insert into token_blacklist_blacklistedtoken (blacklisted_at, token_id)
             select now(), id from token_blacklist_outstandingtoken where jti = md5('jti 14')",
        )
        .await;
    django.execute("delete from notification_preferences where user_id in (select id from users where username = 'unusable')").await;
    django.execute("delete from user_profiles where user_id in (select id from users where username = 'unusable')").await;
    django
        .execute("delete from users where username = 'unusable'")
        .await;
    django
        .execute(
            "insert into users values (
                '!', null, false, '', '', false, true, now(), gen_random_uuid(), 'late@odd.example', 'late', null,
                true, now(), now(), null
             )",
        )
        .await;

    let delta = databases.import(&[]);

    assert!(delta.status.success(), "{}", delta.said);
    let bio_of = async |user: &TestUser| {
        let bio = "select bio from user_profiles where user_id = $1";
        service.value::<String>(bio, &[&user.id]).await
    };
    assert_eq!(bio_of(&there).await, "Changed there");
    // What was cached is told apart as soon as an instance of the service begins.
    eventually("the change is seen by a client", async || {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        there.get(PROFILE).await.text("/data/profile/bio") == "Changed there"
    })
    .await;
    assert_eq!(bio_of(&both).await, "Changed here");
    assert_eq!(delta.reports("kept", &ids["user2"]), ["-"]);
    assert_eq!(delta.reports("kept", &ids["user3"]), ["-"]);
    assert_eq!(delta.reports("kept", &ids["unusable"]), ["-"]);
    let there_are = "select string_agg(username, ' ' order by username) from users
         where username in ('user3', 'unusable', 'late')";
    assert_eq!(
        service.value::<String>(there_are, &[]).await,
        "late unusable"
    );
    let is_active = "select is_active from push_tokens where token = 'token-5-1'";
    assert!(!service.value::<bool>(is_active, &[]).await);
    let token = refresh_token(service, "user14", "jti 14").await;
    assert_eq!(
        exchange(service, &token).await.status,
        StatusCode::UNAUTHORIZED
    );
    eprintln!("delta run: {:?}", delta.duration);
}

async fn what_has_changed_here_is_given_back(
    service: &Service,
    django: &mut Django,
    databases: &Databases,
) {
    let since: String = service
        .value("select min(iso8601(occurred_at)) from audit_log", &[])
        .await;
    let [first, second, third] = [4, 5, 6].map(|number| signed_in(service, number));
    let (first, second, third) = (first.await, second.await, third.await);
    let limit = json!({"frequency_limit": 7});
    assert_eq!(
        first.put("/api/v1/users/preferences", &limit).await.status,
        StatusCode::OK
    );
    let new = "Kx7! made here";
    let body =
        json!({"old_password": second.password, "new_password": new, "new_password_confirm": new});
    let changed = second.post("/api/v1/users/change-password", &body).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed}");
    // The device has another owner, and two more have no name.
    let tokens = "/api/v1/users/push-tokens";
    let moved = json!({"token": "token-5-1", "platform": "web"});
    assert_eq!(third.post(tokens, &moved).await.status, StatusCode::OK);
    let further = json!({"token": "without a name", "platform": "web"});
    assert_eq!(
        third.post(tokens, &further).await.status,
        StatusCode::CREATED
    );
    let newcomer = service.registered_user().await;
    let demoted = "with demoted as (
             delete from user_roles using users
             where users.id = user_id and username = 'bare' and role = 'support' returning user_id
         )
         insert into audit_log select entry.* from demoted, audit_row(
             null, 'operator', null, 'authz_change', 'success', user_id, '{}'
         ) as entry";
    assert_eq!(service.execute(demoted, &[]).await, 1);
    let before = everything(django).await;

    let dry = databases.export(&["--since", &since, "--dry-run"]);
    assert!(dry.status.success(), "{}", dry.said);
    assert_eq!(everything(django).await, before);
    let export = databases.export(&["--since", &since]);
    assert!(export.status.success(), "{}", export.said);

    for (query, expected) in [
        ("select bio from user_profiles join users on users.id = user_id where username = 'user2'", "Changed here"),
        (
            "select frequency_limit::text from notification_preferences join users on users.id = user_id
             where username = 'user4'",
            "7",
        ),
        ("select username || ' ' || platform from push_tokens join users on users.id = user_id where token = 'token-5-1'", "user6 web"),
        ("select count(distinct device_id)::text from push_tokens where token in ('token-5-1', 'without a name', 'token-6-1')", "3"),
        ("select count(*)::text from users where username = 'user3'", "0"),
        ("select count(*)::text from push_tokens where token like 'token-3-%'", "0"),
        ("select is_staff::text || ' ' || is_superuser::text from users where username = 'bare'", "true true"),
        (
            "select count(*)::text from users
             join user_profiles as profile on profile.user_id = users.id
             join notification_preferences as preferences on preferences.user_id = users.id
             where email like '%@example.com' and date_joined = users.created_at",
            "1",
        ),
    ] {
        assert_eq!(django.text(query).await, expected, "{query}");
    }
    for (who, password) in [
        ("user5", new),
        (newcomer.username.as_str(), newcomer.password.as_str()),
    ] {
        let hash = sqlx::query_scalar("select password from users where username = $1").bind(who);
        let hash: String = hash.fetch_one(&mut django.connection).await.unwrap();
        let phc = hash.strip_prefix("argon2").unwrap();
        let phc = argon2::PasswordHash::new(phc).unwrap();
        let verified = argon2::Argon2::default().verify_password(password.as_bytes(), &phc);
        assert!(verified.is_ok(), "{who}");
    }

    // On with the old service, and once more to this one.
    let changed = django
        .execute(
            "update user_profiles set bio = 'Changed there later'
             where user_id in (select id from users where username = 'user2')",
        )
        .await;
    assert_eq!(changed, 1);
    let import = databases.import(&[]);
    assert!(import.status.success(), "{}", import.said);
    let bio =
        "select bio from user_profiles join users on users.id = user_id where username = 'user2'";
    assert_eq!(
        service.value::<String>(bio, &[]).await,
        "Changed there later"
    );
    assert_eq!(
        import.count("kept", "users"),
        1,
        "who has gone from the source"
    );
    eprintln!("export: {:?}", export.duration);
}

/// A digest of all tables of the old service.
async fn everything(django: &mut Django) -> String {
    django
        .text(
            "select md5(
                (select string_agg(users::text, '' order by id) from users)
                || (select string_agg(user_profiles::text, '' order by id) from user_profiles)
                || (select string_agg(notification_preferences::text, '' order by id) from notification_preferences)
                || (select string_agg(push_tokens::text, '' order by id) from push_tokens)
             )",
        )
        .await
}

/// The identifiers of the old service's users, by user name.
async fn ids(django: &mut Django) -> BTreeMap<String, String> {
    let ids = django
        .text("select json_object_agg(username, id)::text from users")
        .await;
    serde_json::from_str(&ids).unwrap()
}

async fn count(service: &Service, table: &str) -> i64 {
    service
        .value(&format!("select count(*) from {table}"), &[])
        .await
}

async fn login(service: &Service, number: u32, password: &str) -> Answer {
    let body = json!({"email": format!("user{number}@django.example"), "password": password});
    service.client().post(LOGIN, &body).await
}

async fn signed_in(service: &Service, number: u32) -> TestUser {
    let answer = login(service, number, &password(number)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    TestUser::signed_in(service.client(), &answer, &password(number))
}

/// A refresh token as Simple JWT has made it for a user.
async fn refresh_token(service: &Service, username: &str, seed: &str) -> String {
    let query = "select id, md5($2), floor(extract(epoch from now()))::bigint from users where username = $1";
    let rows = service.rows(query, &[&username, &seed]).await;
    let (id, jti, now): (Uuid, String, i64) = (rows[0].get(0), rows[0].get(1), rows[0].get(2));
    let claims = json!({
        "token_type": "refresh", "exp": now + 604_800, "iat": now, "jti": jti, "user_id": id,
    });
    let header = json!({"alg": "HS256", "typ": "JWT"});
    jwt::sign(
        &header.to_string(),
        &claims.to_string(),
        service.jwt_secret(),
    )
}

async fn exchange(service: &Service, token: &str) -> Answer {
    service
        .client()
        .post(REFRESH, &json!({"refresh": token}))
        .await
}
