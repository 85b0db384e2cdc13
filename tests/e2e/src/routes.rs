//! All routes of the service, as `openapi.json` has them.

use http::Method;
use serde_json::Value;

use crate::description::document;

/// A method and the pattern of a path: `GET /api/v1/users/push-tokens/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
}

impl Route {
    /// Every route.
    pub fn all() -> Vec<Self> {
        let paths = document()["paths"].as_object().expect("paths");
        let mut routes = Vec::new();
        for (path, item) in paths {
            let names = item.as_object().expect("operations").keys();
            let methods = names.filter(|name| *name != "parameters");
            routes.extend(methods.map(|name| Self {
                method: name.to_uppercase().parse().expect("a method"),
                path: path.clone(),
            }));
        }
        routes
    }

    /// What `openapi.json` says of it: its Operation Object.
    pub fn description(&self) -> &'static Value {
        let name = self.method.as_str().to_lowercase();
        &document()["paths"][&self.path][name]
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
