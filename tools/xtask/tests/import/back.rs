//! The way back: what was changed here is in the old service, and goes on from there.

use argon2::PasswordVerifier;
use e2e::Service;
use http::StatusCode;
use serde_json::json;

use crate::clients::signed_in;
use crate::command::Databases;
use crate::django::Django;

pub(crate) async fn what_has_changed_here_is_given_back(
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
            "2",
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
