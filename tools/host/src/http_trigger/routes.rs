//! Routes: exact paths and prefixes that end in `/...`, which match what they match in Spin 4.1.
//!
//! Slashes at either end don't count, neither of a route nor of a path; case does, and nothing is
//! percent-decoded. Of several routes that match, the first segment in which they differ decides: a
//! literal wins over a `:name`, that over `/...`.

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
    /// `:name` matches anything.
    Named(String),
}

/// A route that matched.
#[derive(Debug, PartialEq)]
pub(crate) struct RouteMatch<'a> {
    /// The route as the manifest has it.
    pub(crate) route: &'a str,
    /// What of the path `/...` stands for, with its leading slash.
    pub(crate) trailing: String,
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
                !text.contains('*'),
                "the route {text:?} has an asterisk; `/...` is the wildcard"
            );
            ensure!(
                seen.insert(text.clone()),
                "the route {text:?} stands there twice"
            );
            sorted.push((Route::new(text), destination));
        }
        sorted.sort_by_key(|(route, _)| route.rank());
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
    /// The route without the slash at its end.
    pub(crate) fn trimmed(&self) -> &str {
        self.route.strip_suffix('/').unwrap_or(self.route)
    }

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
            .filter(|segment| !segment.is_empty())
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

    /// Less for a route that is to be tried earlier.
    fn rank(&self) -> Vec<u8> {
        let segments = self.segments.iter().map(|segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Named(_) => 1,
        });
        segments.chain(self.wildcard.then_some(2)).collect()
    }

    fn matches<'a>(&'a self, path: &'a str) -> Option<RouteMatch<'a>> {
        let mut rest = path.trim_matches('/');
        let mut named = Vec::new();
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                rest = rest.strip_prefix('/')?;
            }
            let (value, after) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            match segment {
                Segment::Literal(text) if text == value => {}
                // What is empty must at least have a slash after it.
                Segment::Named(name) if !rest.is_empty() => named.push((name.as_str(), value)),
                _ => return None,
            }
            rest = after;
        }
        if !self.segments.is_empty() && !rest.is_empty() {
            rest = rest.strip_prefix('/')?;
        }
        if !self.wildcard && !rest.is_empty() {
            return None;
        }
        Some(RouteMatch {
            route: &self.text,
            trailing: self.trailing(path, rest),
            named,
        })
    }

    /// What `/...` stands for in `path`, which is `rest` without the slashes around it. Spin gives it
    /// one slash at its start, and one at its end if the path has any there.
    fn trailing(&self, path: &str, rest: &str) -> String {
        let start = if rest.is_empty() { "" } else { "/" };
        let end = if path.ends_with('/') { "/" } else { "" };
        if self.wildcard {
            format!("{start}{rest}{end}")
        } else {
            String::new()
        }
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
            ("/api/users/login/", "/api/users/login"),
            ("/api/users/login//", "/api/users/login"),
            ("//api/users/login", "/api/users/login"),
            ("/api/users/Login", "/api/users/:id"),
            ("/api/users/%6cogin", "/api/users/:id"),
            ("/api/users/7/edit", "/api/users/:id/edit"),
            ("/api/users/7/other", "/api/users/..."),
            ("/api/users//edit", "/api/users/:id/edit"),
            ("//", "/"),
            ("*", "/..."),
            ("/api/users/me/x", "/api/users/me/..."),
            ("/api/usersx", "/..."),
            ("/api//users/login", "/..."),
        ] {
            let (found, _) = routes.find(path).unwrap();
            assert_eq!(found.route, route, "{path}");
        }
    }

    #[test]
    fn the_first_difference_decides() {
        let routes = routes(&["/:any/edit", "/users/...", "/:other/edit", "/users/"]);
        for (path, route) in [
            ("/users", "/users/"),
            ("/users/edit", "/users/..."),
            ("/posts/edit", "/:any/edit"),
        ] {
            assert_eq!(routes.find(path).unwrap().0.route, route, "{path}");
        }
    }

    #[test]
    fn without_a_wildcard_most_paths_match_nothing() {
        let routes = routes(&["/health", "/health/"]);
        for path in ["/health", "/health/", "/health//"] {
            assert_eq!(routes.find(path).unwrap().1, &0, "{path}");
        }
        for path in ["/", "", "*", "/healthy", "/health/x", "/HEALTH"] {
            assert!(routes.find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_the_wildcard_stands_for_is_told() {
        let below = routes(&["/a/:b/..."]);
        for (path, trailing) in [
            ("/a/x", ""),
            ("/a/x/", "/"),
            ("/a/x//", "/"),
            ("/a/x/y/z/", "/y/z/"),
            ("/a/x//y", "//y"),
        ] {
            let (found, _) = below.find(path).unwrap();
            assert_eq!((&*found.trailing, found.prefix()), (trailing, "/a/:b"));
            assert_eq!(found.named, [("b", "x")]);
        }
        assert_eq!(below.find("/a//y").unwrap().0.named, [("b", "")]);
        assert!(below.find("/a/").is_none());

        let everything = routes(&["/..."]);
        for (path, trailing) in [("/", "/"), ("/x/", "/x/"), ("*", "/*")] {
            assert_eq!(everything.find(path).unwrap().0.trailing, trailing);
        }
    }

    #[test]
    fn bad_routes_are_refused() {
        assert!(Routes::new([("health".to_owned(), ())]).is_err());
        assert!(Routes::new([("/health/*".to_owned(), ())]).is_err());
        assert!(Routes::new([("/a".to_owned(), ()), ("/a".to_owned(), ())]).is_err());
    }
}
