//! There is always an administrator who can sign in.

use e2e::{Answer, Service, TestUser};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::join;

use super::assert_refused;

#[tokio::test]
async fn the_last_administrator_cannot_be_removed_in_any_way() {
    let service = Service::on_own_servers(&[]);
    let (last, other) = (service.staff("admin").await, service.staff("admin").await);
    // The other one has the role no more, but what he may do: as if another role had that, too.
    let take = "delete from user_roles where user_id = $1";
    service.execute(take, &[&other.id]).await;
    let role = "insert into roles (name, description) values ('deputy', 'Everything, too.');
         insert into role_permissions (role, permission) select 'deputy', name from permissions";
    let database = service.connection().await;
    database.batch_execute(role).await.expect("a role");
    service.grant(&other, "deputy").await;

    for (method, below) in [
        (Method::DELETE, ""),
        (Method::POST, "/deactivate"),
        (Method::DELETE, "/roles/admin"),
    ] {
        let answer = other
            .act(method, &format!("/users/{}{below}", last.id))
            .await;
        assert_refused(&answer, StatusCode::CONFLICT, "last_administrator");
    }
    assert_refused(
        &leave(&last).await,
        StatusCode::CONFLICT,
        "last_administrator",
    );
    assert!(last.has_access().await);

    let path = format!("/users/{}/roles/admin", other.id);
    last.do_act(Method::PUT, &path).await;
    other
        .do_act(Method::DELETE, &format!("/users/{}", last.id))
        .await;
    assert!(!last.has_access().await);
}

#[tokio::test]
async fn the_last_administrator_who_stays_cannot_leave_later_either() {
    let service = Service::on_own_servers(&[("deletion_grace_days", "30")]);
    let last = service.staff("admin").await;
    let before = service.state_of(last.id).await;
    assert_refused(
        &leave(&last).await,
        StatusCode::CONFLICT,
        "last_administrator",
    );
    assert_eq!(service.state_of(last.id).await, before);
    assert!(last.has_access().await);

    // Who is to be erased is nobody who stays.
    let other = service.staff("admin").await;
    let left = leave(&other).await;
    assert_eq!(left.status, StatusCode::OK, "{left}");
    assert_refused(
        &leave(&last).await,
        StatusCode::CONFLICT,
        "last_administrator",
    );

    assert!(other.another_session().await.has_access().await);
    let left = leave(&last).await;
    assert_eq!(left.status, StatusCode::OK, "the other one stays: {left}");
}

#[tokio::test]
async fn a_last_administrator_who_is_to_be_erased_keeps_nobody_elses_erasure_back() {
    let service = Service::on_own_servers(&[("deletion_grace_days", "30")]);
    let (last, user) = (
        service.staff("admin").await,
        service.registered_user().await,
    );
    // As it was possible once.
    let database = service.connection().await;
    let trigger = "users_last_administrator_to_be_erased";
    let disable = format!("alter table users disable trigger {trigger}");
    database.batch_execute(&disable).await.expect("a trigger");
    let due = "update users set erase_at = now() - interval '1 second'";
    assert_eq!(service.execute(due, &[]).await, 2);

    assert_eq!(erased_by_sweep(&service).await, 1);

    let left = "select array_agg(id) from users";
    assert_eq!(
        service.value::<Vec<uuid::Uuid>>(left, &[]).await,
        [last.id],
        "not {}",
        user.id
    );
    let other = service.staff("admin").await;
    assert_eq!(erased_by_sweep(&service).await, 1);
    assert_eq!(
        service.value::<Vec<uuid::Uuid>>(left, &[]).await,
        [other.id]
    );
}

#[tokio::test]
async fn of_two_who_remove_each_other_one_stays() {
    let service = Service::on_own_servers(&[]);
    for round in 0..10 {
        let (one, two) = (service.staff("admin").await, service.staff("admin").await);
        let alone =
            "delete from user_roles where role = 'admin' and user_id <> $1 and user_id <> $2";
        service.execute(alone, &[&one.id, &two.id]).await;
        let (of_one, of_two) = (
            format!("/users/{}/roles/admin", one.id),
            format!("/users/{}/deactivate", two.id),
        );
        let answers = join!(
            one.act(Method::POST, &of_two),
            two.act(Method::DELETE, &of_one)
        );
        let done = [&answers.0, &answers.1];
        let done = done.iter().filter(|answer| answer.status == StatusCode::OK);
        assert_eq!(done.count(), 1, "{round}: {} {}", answers.0, answers.1);
        let left = "select count(*) from user_roles join users on users.id = user_id
             where role = 'admin' and is_active";
        assert_eq!(service.value::<i64>(left, &[]).await, 1, "{round}");
    }
}

/// Asks for the erasure of one's own account.
async fn leave(user: &TestUser) -> Answer {
    let request = user.request(Method::DELETE, "/api/v1/users/account");
    let body = json!({"password": user.password});
    request.json(&body).send().await
}

/// How many accounts a sweep erases.
async fn erased_by_sweep(service: &Service) -> Value {
    let client = service.host_client();
    let sweep = client.request(Method::POST, "/internal/sweep");
    let swept = sweep.bearer(service.internal_secret()).send().await;
    assert_eq!(swept.status, StatusCode::OK, "{swept}");
    swept.data()["accounts"].clone()
}
