//! The examples of `openapi.json`: each documented request is made, with what there is in the place of
//! what the document makes up, and is answered as documented: with success, in the shape of the example.

use description::examples;
use e2e::{
    ADMIN, Answer, Events, Message, NewAccount, Request, Route, Service, ServiceAccount,
    SignedInService, TestUser, random_hex,
};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api_docs;

/// Nothing is behind it here.
const TEMPLATES: &str = "/api/v1/services/templates/{name}/preview";

#[tokio::test]
async fn every_documented_request_is_answered_as_documented() {
    let stage = Stage::new().await;
    let mut wrong = Vec::new();
    for route in Route::all() {
        let answer = stage.play(&route).await;
        if route.path == TEMPLATES {
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
        } else if !answer.status.is_success() {
            wrong.push(format!("{route}: no success: {answer}"));
        } else if let Some(difference) = difference(&example_of(&route, &answer), &answer.body) {
            wrong.push(format!(
                "{route}: not as the example: {difference}: {answer}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
async fn the_words_that_parameters_take_are_those_that_are_documented() {
    let stage = Stage::new().await;
    let user = stage.service.registered_user().await;
    let mut tried = 0;
    for route in Route::all() {
        let parameters = route.description()["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            let schema = &parameter["schema"];
            let (name, known) = match parameter["name"].as_str() {
                Some("fields") => ("fields", format!("Known fields: {}.", names_in(schema))),
                Some("order") => ("order", format!("Valid choices: {}.", choices_in(schema))),
                _ => continue,
            };
            let path = format!("{}?{name}=nonsense", stage.path(&route, &user).await);
            let request = user.client.request(route.method.clone(), &path);
            let request = stage.with_credentials(request, &route, &user);
            let answer = request.send().await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
            assert_eq!(answer.data()[name][1], known, "{answer}");
            tried += 1;
        }
    }
    assert_eq!(tried, 7, "each list and object that has such a parameter");
}

/// The names in the pattern `^(a|b)(,(a|b))*$`.
fn names_in(schema: &Value) -> String {
    let pattern = schema["pattern"].as_str().expect("a pattern");
    let names = pattern.trim_start_matches("^(").split(')').next();
    names.expect("names").replace('|', ", ")
}

fn choices_in(schema: &Value) -> String {
    let words = schema["enum"].as_array().expect("words").iter();
    let words: Vec<&str> = words.filter_map(Value::as_str).collect();
    words.join(", ")
}

/// The documented example of such an answer; null if it is of another form than the envelope.
fn example_of(route: &Route, answer: &Answer) -> Value {
    let response = &route.description()["responses"][answer.status.as_str()];
    response["content"]["application/json"]["example"].clone()
}

/// Where `found` has other fields than `example`. Null says nothing of what else there may be, nor does
/// an empty list, and what has happened has details of its own.
fn difference(example: &Value, found: &Value) -> Option<String> {
    match (example, found) {
        (Value::Object(example), Value::Object(found)) => {
            let names = |object: &serde_json::Map<String, Value>| {
                let mut names: Vec<String> = object.keys().cloned().collect();
                names.sort();
                names
            };
            if names(example) != names(found) {
                return Some(format!(
                    "{:?} instead of {:?}",
                    names(found),
                    names(example)
                ));
            }
            let mut inner = example.iter().filter(|(name, _)| *name != "details");
            inner.find_map(|(name, example)| {
                let difference = difference(example, &found[name])?;
                Some(format!("{name}: {difference}"))
            })
        }
        (Value::Array(example), Value::Array(found)) => {
            let first = example.first().zip(found.first());
            first.and_then(|(example, found)| difference(example, found))
        }
        _ => None,
    }
}

/// What stands behind the last slash of a path.
fn last_part(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Who makes the requests, but for the user whom they are about: that is another one each time.
struct Stage {
    service: Service,
    events: Events,
    admin: TestUser,
    caller: SignedInService,
}

impl Stage {
    async fn new() -> Self {
        let service = Service::running();
        let permissions: Vec<&str> = domain::ServicePermission::ALL
            .iter()
            .map(|permission| permission.as_str())
            .collect();
        Self {
            events: service.events().await,
            admin: service.staff("admin").await,
            caller: SignedInService::new(&service, &permissions).await,
            service,
        }
    }

    /// Makes the documented request of `route`.
    async fn play(&self, route: &Route) -> Answer {
        let account = NewAccount::random().password(examples::PASSWORD);
        let user = TestUser::register(self.service.client(), &account).await;
        let push_token = json!({"token": random_hex(32), "platform": "web"});
        let push_token = user.post("/api/v1/users/push-tokens", &push_token).await;
        let service_account = ServiceAccount::new(&self.service, &["users:read"]).await;
        let real = [
            (examples::EMAIL, Self::email(route, &user)),
            (examples::NEW_EMAIL, NewAccount::random().email),
            (examples::USER_ID, user.id.to_string()),
            (
                examples::PUSH_TOKEN_ID,
                push_token.text("/data/id").to_owned(),
            ),
            (
                examples::SESSION_ID,
                user.another_session().await.session().to_string(),
            ),
            (examples::REFRESH_TOKEN, user.refresh.clone()),
            (examples::ACCESS_TOKEN, user.access.clone()),
            (
                examples::ACCOUNT_TOKEN,
                self.account_token(route, &user).await,
            ),
            (
                examples::SERVICE_NAME,
                Self::service_name(route, &service_account),
            ),
            (examples::SERVICE_SECRET, service_account.secret.clone()),
            (examples::EVENT_ID, Uuid::new_v4().to_string()),
        ];
        let with_real = |text: String| {
            let replace =
                |text: String, (made_up, real): &(&str, String)| text.replace(made_up, real);
            real.iter().fold(text, replace)
        };
        let path = with_real(self.path(route, &user).await);
        let host = self.service.host_client();
        let client = Service::client_for(&user.client, &host, &path);
        let request = client.request(route.method.clone(), &path);
        let request = self.with_credentials(request, route, &user);
        let request = match body(route) {
            Some((media_type, body)) => request.body(&media_type, with_real(body)),
            None => request,
        };
        request.send_unchecked().await
    }

    /// His address, or another one where that has to be new.
    fn email(route: &Route, user: &TestUser) -> String {
        if route.path.ends_with("/register") {
            NewAccount::random().email
        } else {
            user.email.clone()
        }
    }

    /// The name of the account, or another one where that has to be new.
    fn service_name(route: &Route, account: &ServiceAccount) -> String {
        if route.path.ends_with("/service-accounts") {
            format!("service-{}", random_hex(16))
        } else {
            account.name.clone()
        }
    }

    /// The path of `route` with the documented examples of its parameters.
    async fn path(&self, route: &Route, user: &TestUser) -> String {
        let mut path = route.path.clone();
        let parameters = route.description()["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name");
            if parameter["in"] == "path" {
                let example = match name {
                    "link" => self.unsubscribe_link(user).await,
                    "asset" => last_part(&api_docs::assets(&user.client).await[0]),
                    _ => parameter["example"].as_str().expect("a text").to_owned(),
                };
                path = path.replace(&format!("{{{name}}}"), &example);
            }
        }
        path
    }

    async fn unsubscribe_link(&self, user: &TestUser) -> String {
        let target = json!({"user_id": user.id, "category": "marketing"});
        let link = self
            .caller
            .post("/api/v1/services/unsubscribe-links", &target)
            .await;
        last_part(link.text("/data/path"))
    }

    /// What was sent to his address, or to the one that he wants, where `route` asks for it.
    async fn account_token(&self, route: &Route, user: &TestUser) -> String {
        // His registration and his push token are two events, and a login is none.
        let message = async |event_type| Message::of(&self.events, user, 3, event_type).await.token;
        match route.path.as_str() {
            "/api/v1/auth/verification/confirm" => {
                user.ask_for(&user.client, "verification").await;
                message("user.verification_requested").await
            }
            "/api/v1/auth/password-reset/confirm" => {
                user.ask_for(&user.client, "password-reset").await;
                message("user.password_reset_requested").await
            }
            "/api/v1/auth/email-change/confirm" => {
                let body = json!({"email": NewAccount::random().email, "password": user.password});
                user.post("/api/v1/auth/email-change", &body).await;
                message("user.email_change_requested").await
            }
            "/api/v1/auth/account-deletion/cancel" => self.deletion_token(user).await,
            _ => String::new(),
        }
    }

    /// A token that keeps an account which is to be erased.
    async fn deletion_token(&self, user: &TestUser) -> String {
        let token = random_hex(32);
        let schedule = "with scheduled as (
             update users set erase_at = now() + interval '1 day' where id = $1 returning id, email
         )
         insert into account_tokens (user_id, purpose, email, token_hash, expires_at)
         select id, 'deletion_cancel', lower(email), sha256($2::text::bytea), now() + interval '1 day'
         from scheduled";
        self.service.execute(schedule, &[&user.id, &token]).await;
        token
    }

    fn with_credentials(&self, request: Request, route: &Route, user: &TestUser) -> Request {
        let security = &route.description()["security"][0];
        let has = |name| security.get(name).is_some();
        if has("user") && route.path.starts_with(ADMIN) {
            request.bearer(&self.admin.access)
        } else if has("user") {
            request.bearer(&user.access)
        } else if has("service") {
            request.bearer(&self.caller.token)
        } else if has("operator") {
            request.bearer(self.service.internal_secret())
        } else {
            request
        }
    }
}

/// The documented body of a request with its media type, if it has one.
fn body(route: &Route) -> Option<(String, String)> {
    let content = route.description()["requestBody"]["content"].as_object()?;
    let (media_type, described) = content.iter().next()?;
    let example = &described["example"];
    let body = if media_type == "application/json" {
        example.to_string()
    } else {
        let fields = example.as_object()?.iter();
        let fields = fields.map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or("")));
        fields.collect::<Vec<_>>().join("&")
    };
    Some((media_type.clone(), body))
}
