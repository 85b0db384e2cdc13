//! Who may do what: each row of the table in docs/permissions.md is tried, by everybody.

use std::fs;

use e2e::{
    Answer, Client, Request, Route, Service, ServiceAccount, SignedInService, TOKEN, TestUser,
    random_hex,
};
use http::{Method, StatusCode};
use serde_json::json;
use stack::workspace_root;

use crate::api_docs;

/// The document.
const DOCUMENT: &str = "docs/permissions.md";

/// The columns of the table of routes.
const COLUMNS: [&str; 6] = [
    "nobody",
    "user",
    "other user",
    "service",
    "support",
    "admin",
];

/// Routes whose callers prove who they are in the body.
const WITH_CREDENTIALS_IN_THE_BODY: [&str; 4] = [
    "/api/v1/users/register",
    "/api/v1/users/login",
    "/api/v1/users/token/refresh",
    TOKEN,
];

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let mut routes: Vec<String> = Route::all().iter().map(ToString::to_string).collect();
    let mut rows: Vec<String> = table(&COLUMNS).into_iter().map(|row| row.name).collect();
    routes.sort();
    rows.sort();
    assert_eq!(
        rows, routes,
        "the table of {DOCUMENT} and the routers differ"
    );
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let cast = Cast::new(&Service::running()).await;
    let mut wrong = Vec::new();
    for row in table(&COLUMNS) {
        let route = Route::parse(&row.name).expect("a row begins with a route");
        for (column, expected) in COLUMNS.into_iter().zip(&row.cells) {
            let answer = cast.attempt(&route, column).await;
            let found = verdict(&answer);
            if found != expected {
                wrong.push(format!(
                    "{route} by {column}: {expected} expected, {found} found: {answer}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_roles_permit_what_the_table_says() {
    let service = Service::running();
    let query = "select permissions.name::text,
            array(
                select case when exists (
                    select from role_permissions where role = column_name and permission = permissions.name
                ) then 'yes' else 'no' end
                from unnest(array['support', 'admin']) with ordinality as columns (column_name, position)
                order by position
            )
         from permissions order by permissions.name";
    let stored: Vec<(String, Vec<String>)> = service
        .rows(query, &[])
        .await
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let mut documented: Vec<(String, Vec<String>)> = table(&["support", "admin"])
        .into_iter()
        .map(|row| (row.name, row.cells))
        .collect();
    documented.sort();
    assert_eq!(documented, stored);
}

/// What the table calls an answer.
fn verdict(answer: &Answer) -> &'static str {
    match answer.status {
        StatusCode::UNAUTHORIZED => "sign in",
        StatusCode::FORBIDDEN => "no",
        StatusCode::NOT_FOUND => "hidden",
        StatusCode::INTERNAL_SERVER_ERROR => "an error",
        // Nothing is asked for in most bodies, so that much is answered 422: it was permitted.
        _ => "yes",
    }
}

/// A row of a table of the document.
struct Row {
    name: String,
    cells: Vec<String>,
}

/// The rows of the table that has these `columns` behind its first one.
fn table(columns: &[&str]) -> Vec<Row> {
    let text = fs::read_to_string(workspace_root().join(DOCUMENT)).expect(DOCUMENT);
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect()
    };
    let lines = text.lines().skip_while(|line| cells(line)[1..] != *columns);
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let mut cells = cells(line).into_iter();
        Row {
            name: cells.next().expect("a first cell"),
            cells: cells.collect(),
        }
    })
    .collect()
}

/// Everybody who tries the routes, and what they try them on: the things of `owner`.
struct Cast {
    nobody: Client,
    /// Nobody, past the gateway.
    host: Client,
    owner: TestUser,
    other: TestUser,
    service: SignedInService,
    support: TestUser,
    admin: TestUser,
    unsubscribe_link: String,
    docs_asset: String,
    service_account: ServiceAccount,
}

impl Cast {
    async fn new(service: &Service) -> Self {
        let permissions = [
            "users:read",
            "preferences:read",
            "push-tokens:read",
            "delivery:decide",
            "push-tokens:feedback",
            "unsubscribe:link",
            "templates:preview",
            "tokens:introspect",
            "tokens:revoke",
        ];
        let caller = SignedInService::new(service, &permissions).await;
        let owner = service.registered_user().await;
        let target = json!({"user_id": owner.id, "channel": "email", "category": "marketing"});
        let link = caller
            .post("/api/v1/services/unsubscribe-links", &target)
            .await;
        Self {
            nobody: service.client(),
            host: service.host_client(),
            other: service.registered_user().await,
            support: service.staff("support").await,
            admin: service.staff("admin").await,
            unsubscribe_link: link.text("/data/path").to_owned(),
            docs_asset: api_docs::assets(&service.client()).await.remove(0),
            service_account: ServiceAccount::new(service, &["users:read"]).await,
            service: caller,
            owner,
        }
    }

    /// What `route` answers to who is meant by `column`.
    async fn attempt(&self, route: &Route, column: &str) -> Answer {
        let path = self.path(route).await;
        let with_token = !WITH_CREDENTIALS_IN_THE_BODY.contains(&route.path.as_str());
        let request = |client: &Client| {
            Service::client_for(client, &self.host, &path).request(route.method.clone(), &path)
        };
        let of_user = |user: &TestUser| {
            let request = request(&user.client);
            if with_token {
                request.bearer(&user.access)
            } else {
                request
            }
        };
        let request = match column {
            "nobody" => request(&self.nobody),
            "user" => of_user(&self.owner),
            "other user" => of_user(&self.other),
            "support" => of_user(&self.support),
            "admin" => of_user(&self.admin),
            "service" => {
                let request = request(&self.service.account.client);
                if with_token {
                    request.bearer(&self.service.token)
                } else {
                    request
                }
            }
            _ => panic!("{column} is nobody"),
        };
        self.with_body(request, route).send_unchecked().await
    }

    /// The path of `route`, with what is the owner's in its parameters.
    async fn path(&self, route: &Route) -> String {
        let is_push_token = route.path.starts_with("/api/v1/users/push-tokens/{id}");
        let id = if is_push_token {
            self.push_token().await
        } else if route.path.starts_with("/api/v1/users/sessions/{id}") {
            self.owner.another_session().await.session().to_string()
        } else {
            self.owner.id.to_string()
        };
        let name = if route.path.contains("service-accounts") {
            &self.service_account.name
        } else {
            "welcome"
        };
        let last_part = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        route
            .path
            .replace("{id}", &id)
            .replace("{name}", name)
            .replace("{role}", "support")
            .replace("{session}", &self.owner.session().to_string())
            .replace("{link}", &last_part(&self.unsubscribe_link))
            .replace("{asset}", &last_part(&self.docs_asset))
    }

    /// A new push token of the owner: what is tried may delete it.
    async fn push_token(&self) -> String {
        let body = json!({"token": random_hex(32), "platform": "web"});
        let created = self.owner.post("/api/v1/users/push-tokens", &body).await;
        created.text("/data/id").to_owned()
    }

    /// `request` with a body that changes nothing: it asks for nothing, or for what is not there. Only
    /// of a service's secret something has to be known.
    fn with_body(&self, request: Request, route: &Route) -> Request {
        let body = match (&route.method, route.path.as_str()) {
            (&Method::GET, _) => return request,
            (_, TOKEN) => {
                let ServiceAccount { name, secret, .. } = &self.service_account;
                let form = format!(
                    "grant_type=client_credentials&client_id={name}&client_secret={secret}"
                );
                return request.body("application/x-www-form-urlencoded", form);
            }
            (_, "/api/v1/users/logout") => json!({"refresh_token": "none"}),
            _ => json!({}),
        };
        request.json(&body)
    }
}
