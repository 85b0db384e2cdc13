//! There is always an administrator who can sign in.

use e2e::Service;
use http::{Method, StatusCode};
use serde_json::json;
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
    let body = json!({"password": last.password});
    let own = last
        .request(Method::DELETE, "/api/v1/users/account")
        .json(&body);
    assert_refused(
        &own.send().await,
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
