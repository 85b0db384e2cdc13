//! Routes: exact paths and prefixes that end in `/...`, compared as they are written.
//!
//! Case counts, a slash at the end counts, and nothing is percent-decoded. Of several routes that
//! match, an exact one wins, then the longest prefix.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use anyhow::ensure;

/// All routes of an application, each with what it leads to.
#[derive(Debug)]
pub(crate) struct Routes<T> {
    /// The most specific first.
    routes: Vec<(Route, T)>,
}

#[derive(Debug)]
struct Route {
    /// As the manifest has it.
    text: String,
    segments: Vec<Segment>,
    /// Whether it ends in `/...`.
    wildcard: bool,
}

/// What stands between two slashes.
#[derive(Debug)]
enum Segment {
    Literal(String),
    /// `:name` matches anything that is not empty.
    Named(String),
}

/// A route that matched.
#[derive(Debug, PartialEq)]
pub(crate) struct RouteMatch<'a> {
    /// The route as the manifest has it.
    pub(crate) route: &'a str,
    /// What of the path `/...` stands for, with its leading slash.
    pub(crate) trailing: &'a str,
    /// The values of `:name` segments.
    pub(crate) named: Vec<(&'a str, &'a str)>,
}

impl<T> Routes<T> {
    /// Sorts the routes; a route that stands there twice is an error.
    pub(crate) fn new(routes: impl IntoIterator<Item = (String, T)>) -> anyhow::Result<Self> {
        let mut seen = BTreeSet::new();
        let mut sorted = Vec::new();
        for (text, destination) in routes {
            ensure!(
                text.starts_with('/'),
                "the route {text:?} does not start with a slash"
            );
            ensure!(
                seen.insert(text.clone()),
                "the route {text:?} stands there twice"
            );
            sorted.push((Route::new(text), destination));
        }
        sorted.sort_by_key(|(route, _)| Reverse(route.specificity()));
        Ok(Self { routes: sorted })
    }

    /// Finds the most specific route that matches `path`, and what it leads to.
    pub(crate) fn find<'a>(&'a self, path: &'a str) -> Option<(RouteMatch<'a>, &'a T)> {
        self.routes
            .iter()
            .find_map(|(route, destination)| Some((route.matches(path)?, destination)))
    }
}

impl RouteMatch<'_> {
    /// The route without `/...`.
    pub(crate) fn prefix(&self) -> &str {
        self.route.strip_suffix("/...").unwrap_or(self.route)
    }
}

impl Route {
    fn new(text: String) -> Self {
        let (pattern, wildcard) = match text.strip_suffix("/...") {
            Some(prefix) => (prefix, true),
            None => (text.as_str(), false),
        };
        let segments = pattern
            .split('/')
            .skip(1)
            .map(|segment| match segment.strip_prefix(':') {
                Some(name) => Segment::Named(name.to_owned()),
                None => Segment::Literal(segment.to_owned()),
            })
            .collect();
        Self {
            text,
            segments,
            wildcard,
        }
    }

    /// Greater for a route that is to be tried earlier.
    fn specificity(&self) -> (bool, usize, usize) {
        let literals = self
            .segments
            .iter()
            .filter(|segment| matches!(segment, Segment::Literal(_)))
            .count();
        (!self.wildcard, self.segments.len(), literals)
    }

    fn matches<'a>(&'a self, path: &'a str) -> Option<RouteMatch<'a>> {
        let mut rest = path;
        let mut named = Vec::new();
        for segment in &self.segments {
            let after_slash = rest.strip_prefix('/')?;
            let end = after_slash.find('/').unwrap_or(after_slash.len());
            let (value, after) = after_slash.split_at(end);
            match segment {
                Segment::Literal(text) if text == value => {}
                Segment::Named(name) if !value.is_empty() => named.push((name.as_str(), value)),
                _ => return None,
            }
            rest = after;
        }
        let matches = rest.is_empty() || (self.wildcard && rest.starts_with('/'));
        matches.then_some(RouteMatch {
            route: &self.text,
            trailing: rest,
            named,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(routes: &[&str]) -> Routes<usize> {
        let numbered = routes
            .iter()
            .enumerate()
            .map(|(index, &route)| (route.to_owned(), index));
        Routes::new(numbered).unwrap()
    }

    #[test]
    fn the_most_specific_route_wins() {
        let routes = routes(&[
            "/...",
            "/api/users/...",
            "/api/users/login",
            "/api/users/:id",
            "/api/users/:id/edit",
            "/api/users/me/...",
            "/",
        ]);
        for (path, route) in [
            ("/", "/"),
            ("/api", "/..."),
            ("/api/users", "/api/users/..."),
            ("/api/users/", "/api/users/..."),
            ("/api/users/login", "/api/users/login"),
            ("/api/users/login/", "/api/users/..."),
            ("/api/users/Login", "/api/users/:id"),
            ("/api/users/%6cogin", "/api/users/:id"),
            ("/api/users/7/edit", "/api/users/:id/edit"),
            ("/api/users/7/other", "/api/users/..."),
            ("/api/users/me/x", "/api/users/me/..."),
            ("/api/usersx", "/..."),
            ("//api/users/login", "/..."),
            ("/api//users/login", "/..."),
        ] {
            let (found, _) = routes.find(path).unwrap();
            assert_eq!(found.route, route, "{path}");
        }
    }

    #[test]
    fn without_a_wildcard_most_paths_match_nothing() {
        let routes = routes(&["/health", "/health/"]);
        assert_eq!(routes.find("/health").unwrap().1, &0);
        assert_eq!(routes.find("/health/").unwrap().1, &1);
        for path in ["/", "", "*", "/healthy", "/health//", "/HEALTH"] {
            assert!(routes.find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_the_wildcard_stands_for_is_told() {
        let routes = routes(&["/a/:b/..."]);
        for (path, trailing) in [("/a/x", ""), ("/a/x/", "/"), ("/a/x/y/z/", "/y/z/")] {
            let (found, _) = routes.find(path).unwrap();
            assert_eq!((found.trailing, found.prefix()), (trailing, "/a/:b"));
            assert_eq!(found.named, [("b", "x")]);
        }
        assert!(routes.find("/a//y").is_none());
    }

    #[test]
    fn bad_routes_are_refused() {
        assert!(Routes::new([("health".to_owned(), ())]).is_err());
        assert!(Routes::new([("/a".to_owned(), ()), ("/a".to_owned(), ())]).is_err());
    }
}
