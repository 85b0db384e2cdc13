//! `POST /api/v1/users/register`

use e2e::{Jwt, NewAccount, Service, TestUser, random_hex};
use http::{Method, StatusCode};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::redacted;

const REGISTER: &str = "/api/v1/users/register";

#[tokio::test]
async fn a_new_account_is_answered_with_its_tokens() {
    let account = NewAccount::random().push_token(&random_hex(32));

    let answer = Service::running().client().post(REGISTER, &account).await;

    assert_snapshot!(answer.status, @"201 Created");
    assert_json_snapshot!(answer.body, {
        ".data.email" => redacted::text("[email]"),
        ".data.username" => redacted::text("[username]"),
        ".**.id" => redacted::id(),
        ".**.created_at" => redacted::moment(),
        ".**.updated_at" => redacted::moment(),
        ".data.tokens.access" => redacted::token(),
        ".data.tokens.refresh" => redacted::token(),
    }, @r#"
    {
      "success": true,
      "message": "User registered successfully",
      "data": {
        "id": "[id]",
        "email": "[email]",
        "username": "[username]",
        "phone_number": null,
        "is_verified": false,
        "is_active": true,
        "created_at": "[moment]",
        "updated_at": "[moment]",
        "last_login": null,
        "profile": {
          "id": "[id]",
          "first_name": "Amina",
          "last_name": "Bello Musa",
          "full_name": "Amina Bello Musa",
          "avatar_url": null,
          "timezone": "UTC",
          "language": "en",
          "bio": "",
          "created_at": "[moment]",
          "updated_at": "[moment]"
        },
        "notification_preferences": {
          "id": "[id]",
          "email_enabled": true,
          "email_marketing": true,
          "email_transactional": true,
          "email_security": true,
          "email_system": true,
          "push_enabled": false,
          "push_marketing": false,
          "push_transactional": true,
          "push_security": true,
          "push_system": true,
          "do_not_disturb_start": null,
          "do_not_disturb_end": null,
          "frequency_limit": 50,
          "created_at": "[moment]",
          "updated_at": "[moment]"
        },
        "push_tokens_count": 1,
        "tokens": {
          "refresh": "[token]",
          "access": "[token]"
        }
      },
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      }
    }
    "#);
    assert_eq!(answer.data()["email"], account.email);
    let local_part = account.email.split('@').next();
    assert_eq!(answer.data()["username"].as_str(), local_part);
}

#[tokio::test]
async fn a_new_user_is_signed_in() {
    let service = Service::running();
    let account = NewAccount::random();
    let answer = service.client().post(REGISTER, &account).await;
    let user = TestUser::signed_in(service.client(), &answer, &account.password);

    let profile = user.get("/api/v1/users/profile").await;

    assert_snapshot!(profile.status, @"200 OK");
    let mut expected = answer.data().clone();
    expected.as_object_mut().unwrap().shift_remove("tokens");
    assert_eq!(*profile.data(), expected);
    assert_eq!(user.try_refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_tokens_say_what_the_contract_says() {
    let user = Service::running().registered_user().await;

    let access = Jwt::read(&user.access);
    let refresh = Jwt::read(&user.refresh);

    assert_json_snapshot!([&access.header, &refresh.header], @r#"
    [
      {
        "alg": "HS256",
        "typ": "JWT"
      },
      {
        "alg": "HS256",
        "typ": "JWT"
      }
    ]
    "#);
    assert_eq!(
        names(&access.claims),
        ["exp", "iat", "jti", "scope", "sid", "token_type", "user_id"]
    );
    assert_eq!(
        names(&refresh.claims),
        [
            "exp",
            "gen",
            "iat",
            "jti",
            "scope",
            "sid",
            "token_type",
            "user_id"
        ]
    );
    assert_eq!(access.claims["token_type"], "access");
    assert_eq!(refresh.claims["token_type"], "refresh");
    assert_eq!(access.seconds("exp") - access.seconds("iat"), 3_600);
    assert_eq!(refresh.seconds("exp") - refresh.seconds("iat"), 604_800);
    assert_eq!(refresh.claims["gen"], 0);
    for token in [&access, &refresh] {
        assert_eq!(token.claims["user_id"], user.id.to_string());
        assert_eq!(token.claims["sid"], user.session().to_string());
        let id = token.claims["jti"].as_str().unwrap();
        assert!(
            id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()),
            "{id}"
        );
    }
    assert_ne!(access.claims["jti"], refresh.claims["jti"]);
}

#[tokio::test]
async fn an_email_can_be_registered_only_once() {
    let service = Service::running();
    let ada = service.registered_user().await;
    let before = service.state_of(ada.id).await;

    let account = NewAccount::random().email(&ada.email.to_uppercase());
    let again = service.client().post(REGISTER, &account).await;

    assert_snapshot!(again.status, @"422 Unprocessable Entity");
    assert_json_snapshot!(again.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Invalid input data",
      "error": "Validation failed",
      "data": {
        "email": [
          "A user with this email already exists."
        ]
      },
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "validation_failed",
      "request_id": "[id]"
    }
    "#);
    assert_eq!(service.state_of(ada.id).await, before);
    assert_eq!(accounts(&service, &ada.email).await, 1);
}

#[tokio::test]
async fn a_taken_email_is_named_beside_whatever_else_is_wrong() {
    let service = Service::running();
    let ada = service.registered_user().await;
    let email = format!(" {} ", ada.email.to_uppercase());
    let body = json!({"name": "", "email": email, "password": "1234"});

    let answer = service.client().post(REGISTER, &body).await;

    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    let taken = json!(["A user with this email already exists."]);
    assert_eq!(answer.data()["email"], taken, "{answer}");
    assert!(answer.data()["name"].is_array(), "{answer}");
    assert!(answer.data()["password"].is_array(), "{answer}");
    assert!(answer.data()["preferences"].is_array(), "{answer}");
}

#[tokio::test]
async fn an_email_is_kept_in_lower_case_without_surrounding_space() {
    let service = Service::running();
    let email = format!("Ada.{}@Example.COM", random_hex(12));

    let account = NewAccount::random().email(&format!("  {email}\n"));
    let answer = service.client().post(REGISTER, &account).await;

    assert_snapshot!(answer.status, @"201 Created");
    assert_eq!(answer.data()["email"], email.to_lowercase());
    let stored: String = service
        .value(
            "select email from users where id::text = $1",
            &[&answer.text("/data/id")],
        )
        .await;
    assert_eq!(stored, email.to_lowercase());
}

#[tokio::test]
async fn missing_fields_are_all_named() {
    let body = json!({"sms": true});
    let answer = Service::running().client().post(REGISTER, &body).await;
    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_snapshot!(answer.data(), @r#"{"name":["This field is required."],"email":["This field is required."],"password":["This field is required."],"preferences":["This field is required."]}"#);
}

#[tokio::test]
async fn all_broken_fields_and_rules_are_named_at_once() {
    let body =
        json!({"name": "", "email": "x", "password": "1234", "preferences": {"email": "maybe"}});

    let answer = Service::running().client().post(REGISTER, &body).await;

    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_json_snapshot!(answer.data(), @r#"
    {
      "name": [
        "This field may not be blank."
      ],
      "email": [
        "Enter a valid email address."
      ],
      "password": [
        "This password is too short. It must contain at least 8 characters.",
        "This password is too common.",
        "This password is entirely numeric."
      ],
      "preferences": {
        "email": [
          "Must be a valid boolean."
        ]
      }
    }
    "#);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let answer = Service::running()
        .client()
        .post(REGISTER, &json!([1]))
        .await;
    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert_snapshot!(answer.data(), @r#"{"error":["Invalid data. Expected a dictionary, but got list."]}"#);
}

#[tokio::test]
async fn each_field_has_its_limits() {
    let service = Service::running();
    let local = "a".repeat(64);
    let long_domain = format!("{0}.{0}.{0}.example.com", "d".repeat(60));
    for (field, value, texts) in [
        (
            "name",
            json!("n".repeat(256)),
            json!(["Ensure this field has no more than 255 characters."]),
        ),
        (
            "name",
            json!(" \t "),
            json!(["This field may not be blank."]),
        ),
        ("name", json!(null), json!(["This field may not be null."])),
        ("name", json!(["Amina"]), json!(["Not a valid string."])),
        (
            "name",
            json!("Ami\0na"),
            json!(["Null characters are not allowed."]),
        ),
        (
            "email",
            json!("amina@"),
            json!(["Enter a valid email address."]),
        ),
        (
            "email",
            json!("amina example.com"),
            json!(["Enter a valid email address."]),
        ),
        (
            "password",
            json!(""),
            json!(["This field may not be blank."]),
        ),
        (
            "password",
            json!(null),
            json!(["This field may not be null."]),
        ),
        (
            "password",
            json!("Kx7!\0 brought"),
            json!(["Null characters are not allowed."]),
        ),
        (
            "password",
            json!("Kx7! ".repeat(26)),
            json!(["Ensure this field has no more than 128 characters."]),
        ),
        (
            "push_token",
            json!("t".repeat(501)),
            json!(["Ensure this field has no more than 500 characters."]),
        ),
        (
            "preferences",
            json!([]),
            json!({"error": ["Invalid data. Expected a dictionary, but got list."]}),
        ),
        (
            "preferences",
            json!({"push": 7}),
            json!({"push": ["Must be a valid boolean."]}),
        ),
    ] {
        let account = NewAccount::random();
        let mut body = account.to_json();
        body[field] = value.clone();
        let answer = service.client().post(REGISTER, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field} {value}: {answer}"
        );
        assert_eq!(*answer.data(), json!({field: texts}), "{field} {value}");
        assert_eq!(accounts(&service, &account.email).await, 0);
    }
    let too_long = NewAccount::random().email(&format!("{local}@{long_domain}"));
    let answer = service.client().post(REGISTER, &too_long).await;
    assert_snapshot!(answer.status, @"422 Unprocessable Entity");
    assert!(answer.data()["email"].is_array(), "{answer}");
}

#[tokio::test]
async fn a_password_must_not_be_easy_to_guess() {
    let service = Service::running();
    let account = NewAccount::random()
        .name("Chidinma Okonkwo")
        .email(&format!("quartz{}@example.com", random_hex(12)));
    let local_part = account.email.split('@').next().unwrap();
    let similar = "The password is too similar to the email address or name.";
    for (password, texts) in [
        (
            "Kx7! ab",
            json!(["This password is too short. It must contain at least 8 characters."]),
        ),
        ("password", json!(["This password is too common."])),
        ("73018462951", json!(["This password is entirely numeric."])),
        (
            "12345678",
            json!([
                "This password is too common.",
                "This password is entirely numeric."
            ]),
        ),
        (
            &*format!("1{}!", local_part.to_uppercase()),
            json!([similar]),
        ),
        ("x cHIDINma 7", json!([similar])),
        ("OKONKWO#71", json!([similar])),
    ] {
        let answer = service
            .client()
            .post(REGISTER, &account.clone().password(password))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{password}: {answer}"
        );
        assert_eq!(*answer.data(), json!({"password": texts}), "{password}");
    }
    assert_eq!(accounts(&service, &account.email).await, 0);
}

#[tokio::test]
async fn a_password_is_neither_trimmed_nor_cut() {
    let service = Service::running();
    let longest = format!("Kx7!{}", "é".repeat(124));
    for (password, others) in [
        ("  Kx7! typed  ", ["Kx7! typed", "  Kx7! typed"]),
        (&*longest, [&longest[..longest.len() - 2], &longest[..40]]),
    ] {
        let account = NewAccount::random().password(password);
        let user = TestUser::register(service.client(), &account).await;
        for other in others {
            let refused = user.try_login(other).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");
        }
        assert_eq!(
            user.try_login(password).await.status,
            StatusCode::OK,
            "{password}"
        );
    }
}

#[tokio::test]
async fn a_password_may_be_typed_in_any_form_that_unicode_calls_equal() {
    let account = NewAccount::random().password("Kx7! \u{fb01}sh cafe\u{301} 😀");
    let user = TestUser::register(Service::running().client(), &account).await;
    let answer = user.try_login("Kx7! fish caf\u{e9} 😀").await;
    assert_snapshot!(answer.status, @"200 OK");
}

#[tokio::test]
async fn a_password_is_stored_as_an_argon2id_hash() {
    let service = Service::running();
    let user = service.registered_user().await;
    let stored: String = service
        .value("select password from users where id = $1", &[&user.id])
        .await;
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
}

#[tokio::test]
async fn a_name_is_split_at_its_first_white_space() {
    let service = Service::running();
    let long = format!("{} {}", "f".repeat(120), "l".repeat(134));
    for (name, first_name, last_name) in [
        ("Amina Bello Musa", "Amina", "Bello Musa"),
        ("  Amina \t\n Bello  Musa ", "Amina", "Bello  Musa"),
        ("Madonna", "Madonna", ""),
        ("Zoë 😀 \u{200d}x", "Zoë", "😀 \u{200d}x"),
        (&*long, &*"f".repeat(100), &*"l".repeat(100)),
    ] {
        let answer = service
            .client()
            .post(REGISTER, &NewAccount::random().name(name))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{name}: {answer}");
        let data = answer.data();
        assert_eq!(data["profile"]["first_name"], first_name);
        assert_eq!(data["profile"]["last_name"], last_name);
        let full_name = match last_name {
            "" => data["username"].as_str().unwrap().to_owned(),
            _ => format!("{first_name} {last_name}"),
        };
        assert_eq!(data["profile"]["full_name"], full_name);
    }
}

#[tokio::test]
async fn a_username_is_made_of_the_email() {
    let service = Service::running();
    let odd = format!("O'Neil!{}", random_hex(12));
    let account = NewAccount::random().email(&format!("{odd}@example.com"));
    let answer = service.client().post(REGISTER, &account).await;
    let expected = odd.to_lowercase().replace(['\'', '!'], "_");
    assert_eq!(answer.data()["username"], expected, "{answer}");
}

#[tokio::test]
async fn a_taken_username_gets_a_number() {
    let service = Service::running();
    let local_part = format!("user{}", random_hex(12));
    for (domain, expected) in [("a", String::new()), ("b", "1".into()), ("c", "2".into())] {
        let account = NewAccount::random().email(&format!("{local_part}@{domain}.example"));
        let user = TestUser::register(service.client(), &account).await;
        assert_eq!(user.username, format!("{local_part}{expected}"));
    }
}

#[tokio::test]
async fn a_username_taken_ten_times_gets_six_random_digits() {
    let service = Service::running();
    let local_part = format!("user{}", random_hex(12));
    service
        .execute(
            "insert into users (email, username, password)
             select upper($1) || n || '@a.example', upper($1) || case n when 0 then '' else n::text end, '!'
             from generate_series(0, 9) as n",
            &[&local_part],
        )
        .await;
    let account = NewAccount::random().email(&format!("{local_part}@b.example"));
    let user = TestUser::register(service.client(), &account).await;
    let digits = user
        .username
        .strip_prefix(&local_part)
        .expect("the local part");
    assert!(
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit()),
        "{digits}"
    );
}

#[tokio::test]
async fn a_push_token_is_kept_as_a_browsers() {
    let service = Service::running();
    let token = random_hex(32);
    let account = NewAccount::random().push_token(&format!(" {token} "));
    let user = TestUser::register(service.client(), &account).await;
    let state = service.state_of(user.id).await;
    let [stored] = state["push_tokens"].as_array().unwrap().as_slice() else {
        panic!("one push token expected: {state}");
    };
    assert_eq!(stored["token"], token);
    assert_eq!(stored["token_type"], "fcm");
    assert_eq!(stored["platform"], "web");
    assert_eq!(stored["is_active"], true);
}

#[tokio::test]
async fn a_push_token_may_be_blank_and_as_long_as_500_characters() {
    let service = Service::running();
    let longest = format!("{}{}", random_hex(32), "t".repeat(468));
    for (token, count) in [
        (json!(""), 0),
        (json!("  "), 0),
        (json!(null), 0),
        (json!(longest), 1),
    ] {
        let mut body = NewAccount::random().to_json();
        body["push_token"] = token;
        let answer = service.client().post(REGISTER, &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
        assert_eq!(answer.data()["push_tokens_count"], count);
    }
}

#[tokio::test]
async fn a_push_token_of_somebody_else_moves_to_the_new_user() {
    let service = Service::running();
    let token = random_hex(32);
    let account = NewAccount::random().push_token(&token);
    let before = TestUser::register(service.client(), &account).await;
    let id: uuid::Uuid = service
        .value("select id from push_tokens where token = $1", &[&token])
        .await;

    let account = NewAccount::random().push_token(&token);
    let after = service.client().post(REGISTER, &account).await;

    assert_snapshot!(after.status, @"201 Created");
    assert_eq!(after.data()["push_tokens_count"], 1);
    let owner: String = service
        .value(
            "select user_id::text from push_tokens where id = $1",
            &[&id],
        )
        .await;
    assert_eq!(owner, after.text("/data/id"));
    let profile = before.get("/api/v1/users/profile").await;
    assert_eq!(profile.data()["push_tokens_count"], 0);
}

#[tokio::test]
async fn preferences_are_on_unless_refused() {
    let service = Service::running();
    for (preferences, email, push) in [
        (json!({}), true, true),
        (json!({"email": false}), false, true),
        (json!({"push": "off", "sms": 7}), true, false),
    ] {
        let account = NewAccount::random().preferences(preferences);
        let answer = service.client().post(REGISTER, &account).await;
        let stored = &answer.data()["notification_preferences"];
        assert_eq!(stored["email_enabled"], email, "{answer}");
        assert_eq!(stored["push_enabled"], push, "{answer}");
    }
}

#[tokio::test]
async fn a_form_registers_too() {
    let service = Service::running();
    let account = NewAccount::random();
    let form = format!(
        "name=Amina+Bello&email={}&password={}&preferences.email=false&preferences.push=true",
        account.email.replace('@', "%40"),
        account.password.replace('!', "%21").replace(' ', "+"),
    );
    let answer = service
        .client()
        .request(Method::POST, REGISTER)
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await;
    assert_snapshot!(answer.status, @"201 Created");
    assert_eq!(answer.data()["profile"]["full_name"], "Amina Bello");
    assert_eq!(
        answer.data()["notification_preferences"]["email_enabled"],
        false
    );
    let user = TestUser::signed_in(service.client(), &answer, &account.password);
    assert_eq!(
        user.try_login(&account.password).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn nobody_makes_himself_an_administrator() {
    let service = Service::running();
    let mut body = NewAccount::random().to_json();
    for (field, value) in [
        ("id", json!("00000000-0000-7000-8000-000000000000")),
        ("username", json!("root")),
        ("is_superuser", json!(true)),
        ("is_staff", json!(true)),
        ("is_verified", json!(true)),
        ("last_login", json!("2020-01-01T00:00:00Z")),
    ] {
        body[field] = value;
    }
    let answer = service.client().post(REGISTER, &body).await;
    assert_snapshot!(answer.status, @"201 Created");
    let id = answer.text("/data/id").parse().unwrap();
    let user = service.state_of(id).await["user"].take();
    assert_ne!(user["username"], "root");
    for flag in ["is_superuser", "is_staff", "is_verified"] {
        assert_eq!(user[flag], false, "{flag}");
    }
    assert_eq!(user["last_login"], Value::Null);
}

#[tokio::test]
async fn the_session_remembers_where_it_began() {
    let service = Service::running();
    let client = service.client();
    let request = client.request(Method::POST, REGISTER);
    let answer = request
        .header("user-agent", "Tests/1.0")
        .json(&NewAccount::random())
        .send()
        .await;
    let state = service
        .state_of(answer.text("/data/id").parse().unwrap())
        .await;
    assert_eq!(state["sessions"][0]["user_agent"], "Tests/1.0");
    assert_eq!(state["sessions"][0]["ip"], client.address().to_string());
}

#[tokio::test]
async fn an_address_registers_five_times_an_hour() {
    let service = Service::running();
    let client = service.client();
    for remaining in (0..5).rev() {
        // A refused attempt counts like any other.
        let account = NewAccount::random();
        let body = if remaining == 3 {
            json!({})
        } else {
            account.to_json()
        };
        let answer = client.post(REGISTER, &body).await;
        let limit = answer.rate_limit("registration");
        assert_eq!(
            (limit.quota, limit.window, limit.remaining),
            (5, 3_600, remaining)
        );
        assert!((1..=3_600).contains(&limit.reset), "{limit:?}");
    }

    let account = NewAccount::random();
    let sixth = client.post(REGISTER, &account).await;

    assert_snapshot!(sixth.status, @"429 Too Many Requests");
    assert_json_snapshot!(sixth.body, {".request_id" => redacted::id()}, @r#"
    {
      "success": false,
      "message": "Rate limit exceeded",
      "error": "Too many registration attempts. Please try again later.",
      "data": null,
      "meta": {
        "total": 0,
        "limit": 10,
        "page": 1,
        "total_pages": 0,
        "has_next": false,
        "has_previous": false
      },
      "code": "rate_limited",
      "request_id": "[id]"
    }
    "#);
    let limit = sixth.rate_limit("registration");
    assert_eq!(limit.remaining, 0);
    assert_eq!(sixth.header("retry-after"), limit.reset.to_string());
    assert_eq!(accounts(&service, &account.email).await, 0);
    let elsewhere = service.client().post(REGISTER, &account).await;
    assert_snapshot!(elsewhere.status, @"201 Created");
}

#[tokio::test]
async fn every_answer_of_a_registration_tells_the_limit() {
    let client = Service::running().client();
    for (content_type, body, status, remaining) in [
        ("application/json", "{", StatusCode::BAD_REQUEST, 4),
        ("text/plain", "x", StatusCode::UNSUPPORTED_MEDIA_TYPE, 3),
        (
            "application/json",
            "[]",
            StatusCode::UNPROCESSABLE_ENTITY,
            2,
        ),
    ] {
        let request = client.request(Method::POST, REGISTER);
        let answer = request.body(content_type, body).send().await;
        assert_eq!(answer.status, status, "{answer}");
        assert_eq!(answer.rate_limit("registration").remaining, remaining);
    }
}

#[tokio::test]
async fn a_made_up_address_does_not_get_around_the_limit() {
    let client = Service::running().client();
    for attempt in 0..6 {
        let address = format!("10.0.0.{attempt}");
        let answer = client
            .request(Method::POST, REGISTER)
            .header("spin-client-addr", format!("{address}:80"))
            .header("x-forwarded-for", &address)
            .header("forwarded", format!("for={address}"))
            .header("x-real-ip", &address)
            .json(&json!({}))
            .send()
            .await;
        let expected = if attempt < 5 {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        assert_eq!(answer.status, expected, "{answer}");
    }
}

#[tokio::test]
async fn only_post_registers_with_or_without_a_slash() {
    let client = Service::running().client();
    let wrong = client.get(REGISTER).await;
    assert_snapshot!(wrong.status, @"405 Method Not Allowed");
    assert_snapshot!(wrong.header("allow"), @"POST, OPTIONS");
    let slash = client
        .post("/api/v1/users/register/", &NewAccount::random())
        .await;
    assert_snapshot!(slash.status, @"201 Created");
}

async fn accounts(service: &Service, email: &str) -> i64 {
    service
        .value(
            "select count(*) from users where lower(email) = lower($1)",
            &[&email],
        )
        .await
}

fn names(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}
