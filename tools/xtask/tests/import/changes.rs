//! What has changed on both sides since: an import that is run again.

use std::time::Duration;

use e2e::{Service, TestUser, eventually};
use http::{Method, StatusCode};
use serde_json::json;

use crate::clients::{PROFILE, exchange, ids, refresh_token, signed_in};
use crate::command::Databases;
use crate::django::Django;

pub(crate) async fn what_has_changed_since_is_brought_over(
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
    let request = erased.request(Method::DELETE, "/api/v1/users/account");
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
    // An address that somebody has here already.
    let namesake = service.registered_user().await;
    let same =
        sqlx::query("update users set email = $1 where username = 'user8'").bind(&namesake.email);
    same.execute(&mut django.connection).await.unwrap();

    let delta = databases.import(&[]);

    assert!(delta.status.success(), "{}", delta.said);
    let bio_of = async |user: &TestUser| {
        let bio = "select bio from user_profiles where user_id = $1";
        service.value::<String>(bio, &[&user.id]).await
    };
    assert_eq!(bio_of(&there).await, "Changed there");
    // What was cached is told apart as soon as an instance of the service begins.
    eventually("the change is seen by a client", async || {
        tokio::time::sleep(Duration::from_secs(2)).await;
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
    // It is refused, and those that came with it are not.
    assert_eq!(delta.reports("refused", &ids["user8"]), ["-"]);
    let email = "select email from users where username = 'user8'";
    assert_eq!(
        service.value::<String>(email, &[]).await,
        "user8@django.example"
    );
    django
        .execute("update users set email = 'user8@django.example' where username = 'user8'")
        .await;
    eprintln!("delta run: {:?}", delta.duration);
}
