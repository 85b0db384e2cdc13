//! `POST /api/v1/admin/users/{id}/require-password-reset`.

use e2e::{Message, Service};
use http::{Method, StatusCode};
use serde_json::json;

use super::{assert_audited, assert_refused};

#[tokio::test]
async fn who_has_to_reset_his_password_is_out_at_once_and_told_so_when_he_signs_in() {
    let service = Service::running();
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    assert!(user.has_access().await);

    let path = format!("/users/{}/require-password-reset", user.id);
    let answer = support.do_act(Method::POST, &path).await;
    let action = "authn_password_reset_required";
    assert_audited(&service, &answer, action, (&support, Some(&user))).await;
    assert!(
        answer.data().is_null(),
        "nobody sets a password for him: {answer}"
    );
    assert!(!user.has_access().await);
    assert_eq!(user.try_refresh().await.status, StatusCode::UNAUTHORIZED);

    let told = user.try_login(&user.password).await;
    assert_refused(&told, StatusCode::FORBIDDEN, "password_reset_required");
    let seen = support.look(&format!("/users/{}", user.id)).await;
    assert_eq!(seen.data()["is_password_reset_required"], true, "{seen}");

    // As whatever resets the password does.
    let reset = "update users set password_reset_required_at = null where id = $1";
    service.execute(reset, &[&user.id]).await;
    assert!(user.another_session().await.has_access().await);
}

#[tokio::test]
async fn a_message_goes_to_who_has_to_reset_his_password_by_which_he_does_it() {
    let service = Service::running();
    let events = service.events().await;
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    let path = format!("/users/{}/require-password-reset", user.id);
    support.do_act(Method::POST, &path).await;

    let message = Message::of(&events, &user, 2, "user.password_reset_requested").await;
    let new = "Nx7! another one";
    let reset = json!({
        "email": user.email,
        "code": message.code,
        "new_password": new,
        "new_password_confirm": new,
    });
    let confirm = "/api/v1/auth/password-reset/confirm";
    let answer = service.client().post(confirm, &reset).await;

    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    assert_eq!(user.try_login(new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_message_goes_to_an_account_that_is_closed() {
    let service = Service::running();
    let support = service.staff("support").await;
    let user = service.registered_user().await;
    let close = "update users set is_active = false where id = $1";
    service.execute(close, &[&user.id]).await;
    let path = format!("/users/{}/require-password-reset", user.id);
    let answer = support.do_act(Method::POST, &path).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let tokens = "select count(*) from account_tokens where user_id = $1";
    assert_eq!(service.value::<i64>(tokens, &[&user.id]).await, 0);
}

#[tokio::test]
async fn who_does_not_know_the_password_is_told_nothing_of_it() {
    let service = Service::running();
    let support = service.staff("support").await;
    let (marked, other) = (
        service.registered_user().await,
        service.registered_user().await,
    );
    let path = format!("/users/{}/require-password-reset", marked.id);
    support.do_act(Method::POST, &path).await;
    let (of_marked, of_other) = (
        marked.try_login("wrong").await,
        other.try_login("wrong").await,
    );
    assert_refused(
        &of_marked,
        StatusCode::UNPROCESSABLE_ENTITY,
        "validation_failed",
    );
    assert_eq!(of_marked.data(), of_other.data());
}
