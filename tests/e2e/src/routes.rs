//! All routes of the service, as its components' routers name them.

use std::fs;
use std::path::PathBuf;

use http::Method;
use stack::workspace_root;

/// The methods that a router may take, by the names of axum's functions.
const METHODS: [(&str, Method); 5] = [
    ("get", Method::GET),
    ("post", Method::POST),
    ("put", Method::PUT),
    ("patch", Method::PATCH),
    ("delete", Method::DELETE),
];

/// A method and the pattern of a path: `GET /api/v1/users/push-tokens/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
}

impl Route {
    /// Every route of every component.
    pub fn all() -> Vec<Self> {
        let components = workspace_root().join("components");
        let folders = components.read_dir().expect("the components");
        let mut files: Vec<PathBuf> = folders
            .map(|folder| folder.expect("a component").path().join("src/lib.rs"))
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|file| routes_in(&fs::read_to_string(file).expect("a router")))
            .collect()
    }

    /// Reads `GET /path`.
    pub fn parse(text: &str) -> Option<Self> {
        let (method, path) = text.split_once(' ')?;
        Some(Self {
            method: method.parse().ok()?,
            path: path.to_owned(),
        })
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The routes that the text of a router names.
fn routes_in(text: &str) -> Vec<Route> {
    let mut routes = Vec::new();
    for call in text.split(".route(").skip(1) {
        let mut parts = call.splitn(3, '"');
        let (Some(_), Some(path), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let handlers = &rest[..end_of_call(rest)];
        for (name, method) in METHODS {
            if is_called(handlers, name) {
                routes.push(Route {
                    method,
                    path: path.to_owned(),
                });
            }
        }
    }
    routes
}

/// Where the parenthesis closes that was open before `text`.
fn end_of_call(text: &str) -> usize {
    let mut depth = 1;
    for (index, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    text.len()
}

/// Whether the function `name` itself is called in `text`, and not one of that name in a module.
fn is_called(text: &str, name: &str) -> bool {
    let call = format!("{name}(");
    text.match_indices(&call).any(|(index, _)| {
        let before = text[..index].chars().next_back();
        before.is_none_or(|before| !(before.is_alphanumeric() || "_:".contains(before)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_is_read_as_it_is_written() {
        let text = r#"
            Router::new()
                .route("/a", get(show))
                .route(
                    "/a/{id}",
                    get(list::get)
                        .put(list::update)
                        .delete(list::delete),
                )
                .route("/b", post(things::post)).fallback(delete)
        "#;
        let routes: Vec<String> = routes_in(text).iter().map(ToString::to_string).collect();
        let expected = [
            "GET /a",
            "GET /a/{id}",
            "PUT /a/{id}",
            "DELETE /a/{id}",
            "POST /b",
        ];
        assert_eq!(routes, expected);
    }

    #[test]
    fn the_service_has_routes() {
        let routes = Route::all();
        assert!(routes.len() > 50, "{routes:?}");
        let login = Route::parse("POST /api/v1/users/login").expect("a route");
        assert!(routes.contains(&login));
    }
}
