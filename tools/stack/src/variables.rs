//! The Spin variables that say where the servers are, and their addresses for `allowed_outbound_hosts`.

use anyhow::{Context, Result, bail};
use domain::BrokerUrl;
use url::{Url, form_urlencoded};

/// The Spin variables that say where the servers are. Here they follow from the servers that are
/// used, which `DATABASE_URL`, `REDIS_URL` and `MQTT_URL` choose.
pub const SERVER_VARIABLES: [&str; 6] = [
    "database_url",
    "database_address",
    "redis_url",
    "redis_address",
    "mqtt_url",
    "mqtt_address",
];

/// Limits that each connection of the components gets unless the URL says otherwise: seconds for the
/// first two (as tokio-postgres reads them), milliseconds for the rest.
const CONNECT_OPTIONS: [(&str, &str); 3] = [
    ("connect_timeout", "2"),
    ("tcp_user_timeout", "3"),
    (
        "options",
        "-c statement_timeout=1000 -c lock_timeout=700 \
         -c idle_in_transaction_session_timeout=3000",
    ),
];

/// The URL of a database as the components get it: with its port, time-outs and limits. What the URL
/// says already stays.
///
/// # Errors
/// If it is no `postgres://` URL with a host.
pub fn component_database_url(database_url: &str) -> Result<String> {
    let url = parse_database_url(database_url)?;
    let mut options: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in CONNECT_OPTIONS {
        if !options.iter().any(|(present, _)| present == name) {
            options.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(with_query(url, &options))
}

/// The database URL without what only the components' connections should have, and without what
/// sqlx does not know.
///
/// # Errors
/// If it is no `postgres://` URL with a host.
pub fn plain_database_url(database_url: &str) -> Result<String> {
    let url = parse_database_url(database_url)?;
    let options: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| CONNECT_OPTIONS.iter().all(|(known, _)| name != known))
        .collect();
    Ok(with_query(url, &options))
}

/// `database_address`: the server as `allowed_outbound_hosts` names it, `postgres://<host>:<port>`.
///
/// # Errors
/// If it is no `postgres://` URL with a host.
pub fn database_address(database_url: &str) -> Result<String> {
    let url = parse_database_url(database_url)?;
    Ok(address(&url, 5432))
}

/// `replica_address`: the first of the databases that `urls` lists, as `allowed_outbound_hosts` names
/// it; empty if it lists none.
///
/// # Errors
/// If that is no `postgres://` URL with a host.
pub fn replica_address(urls: &str) -> Result<String> {
    match urls.split([',', ' ']).find(|url| !url.is_empty()) {
        Some(url) => database_address(url),
        None => Ok(String::new()),
    }
}

/// `redis_address`: the server as `allowed_outbound_hosts` names it, `redis://<host>:<port>`; empty
/// for an empty URL, which means that there is no Redis.
///
/// # Errors
/// If it is no `redis://` or `rediss://` URL with a host.
pub fn redis_address(redis_url: &str) -> Result<String> {
    if redis_url.is_empty() {
        return Ok(String::new());
    }
    let url = Url::parse(redis_url).context("the Redis URL is wrong")?;
    if !["redis", "rediss"].contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        bail!("the Redis URL must look like redis://[user:password@]host:port");
    }
    Ok(address(&url, 6379))
}

/// The address of another service as `allowed_outbound_hosts` names it, `http://<host>:<port>`; empty
/// for an empty URL: there is no such service.
///
/// It is that of `template_service_address`, `breached_passwords_address` and `webhook_address`.
///
/// # Errors
/// If it is no `http://` or `https://` URL with a host.
pub fn service_address(service_url: &str) -> Result<String> {
    if service_url.is_empty() {
        return Ok(String::new());
    }
    let expected = "the URL of a service must look like http://host:port";
    let url = Url::parse(service_url).context(expected)?;
    match url.scheme() {
        "http" => Ok(address(&url, 80)),
        "https" => Ok(address(&url, 443)),
        _ => bail!(expected),
    }
}

/// `mqtt_address`: the broker as `allowed_outbound_hosts` names it, `mqtt://<host>:<port>`; empty
/// for an empty URL, which means that there is none.
///
/// # Errors
/// If it is no URL that the publisher takes.
pub fn mqtt_address(mqtt_url: &str) -> Result<String> {
    let broker = BrokerUrl::parse(mqtt_url)?;
    Ok(broker.map_or_else(String::new, |broker| broker.server().to_owned()))
}

/// Parses `database_url`. The scheme becomes `postgres`, the one that Spin's host list knows, and the
/// port explicit, since Spin compares it as it stands.
fn parse_database_url(database_url: &str) -> Result<Url> {
    let expected = "the database URL must look like postgres://user:password@host:port/name";
    let rest = ["postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| database_url.strip_prefix(scheme))
        .context(expected)?;
    let mut url = Url::parse(&format!("postgres://{rest}")).context(expected)?;
    if url.host_str().is_none_or(str::is_empty) {
        bail!(expected);
    }
    let port = url.port().unwrap_or(5432);
    if url.set_port(Some(port)).is_err() {
        bail!(expected);
    }
    Ok(url)
}

fn address(url: &Url, default_port: u16) -> String {
    let port = url.port().unwrap_or(default_port);
    format!(
        "{}://{}:{port}",
        url.scheme(),
        url.host_str().unwrap_or_default()
    )
}

/// `url` with the query `options`. Spaces become `%20`: PostgreSQL's clients don't read `+` as one.
fn with_query(mut url: Url, options: &[(String, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(options)
        .finish();
    let query = query.replace('+', "%20");
    url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_gets_the_url_with_its_port_and_limits() {
        assert_eq!(
            component_database_url("postgresql://me:p%40ss@db.example/users").unwrap(),
            "postgres://me:p%40ss@db.example:5432/users?connect_timeout=2&tcp_user_timeout=3\
             &options=-c%20statement_timeout%3D1000%20-c%20lock_timeout%3D700\
             %20-c%20idle_in_transaction_session_timeout%3D3000"
        );
    }

    #[test]
    fn what_the_url_says_stays() {
        let url = "postgres://db:6543/users?sslmode=disable&options=-c%20a%3Db&connect_timeout=9";
        assert_eq!(
            component_database_url(url).unwrap(),
            format!("{url}&tcp_user_timeout=3")
        );
    }

    #[test]
    fn migrations_run_without_the_limits() {
        let url = "postgres://me@db:6543/users?sslmode=disable";
        let limited = component_database_url(url).unwrap();
        assert_eq!(plain_database_url(&limited).unwrap(), url);
    }

    #[test]
    fn the_first_replica_is_the_one_that_is_allowed() {
        for (urls, expected) in [
            ("", ""),
            (
                "postgres://me:secret@one/users, postgres://two:5/users",
                "postgres://one:5432",
            ),
        ] {
            assert_eq!(replica_address(urls).unwrap(), expected);
        }
        assert!(replica_address("mysql://one").is_err());
    }

    #[test]
    fn addresses_are_scheme_host_and_port() {
        for (url, expected) in [
            (
                "postgresql://me:secret@db.example/users?sslmode=disable",
                "postgres://db.example:5432",
            ),
            (
                "postgres://127.0.0.1:13000/users",
                "postgres://127.0.0.1:13000",
            ),
            ("postgres://[::1]:5433/users", "postgres://[::1]:5433"),
        ] {
            assert_eq!(database_address(url).unwrap(), expected);
        }
        for (url, expected) in [
            (
                "redis://:secret@cache.example/3",
                "redis://cache.example:6379",
            ),
            ("rediss://cache.example:6380", "rediss://cache.example:6380"),
            ("", ""),
        ] {
            assert_eq!(redis_address(url).unwrap(), expected);
        }
        for (url, expected) in [
            ("http://templates.example/v2", "http://templates.example:80"),
            ("https://templates.example", "https://templates.example:443"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
            ("", ""),
        ] {
            assert_eq!(service_address(url).unwrap(), expected);
        }
        for (url, expected) in [
            ("mqtt://me:p%40ss@mq.example:1883", "mqtt://mq.example:1883"),
            ("mqtt://me:pass@mq.example:2883/", "mqtt://mq.example:2883"),
            ("mqtts://me:pass@[::1]:8883", "mqtts://[::1]:8883"),
            ("", ""),
        ] {
            assert_eq!(mqtt_address(url).unwrap(), expected);
        }
    }

    #[test]
    fn other_urls_are_refused() {
        for url in ["", "mysql://db/users", "postgres:///users", "db:5432"] {
            assert!(database_address(url).is_err(), "{url}");
            assert!(component_database_url(url).is_err(), "{url}");
        }
        for url in ["cache:6379", "http://cache"] {
            assert!(redis_address(url).is_err(), "{url}");
        }
        for url in ["templates:8000", "ftp://templates", "http://"] {
            assert!(service_address(url).is_err(), "{url}");
        }
        for url in [
            "mq:1883",
            "mqtt://",
            "mqtt://mq:1883",
            "mqtt://me:pass@mq",
            "amqp://me:pass@mq:5672",
            "mqtt://me:pass@mq:1883?client_id=one",
            "mqtt://me:pass@mq:1883/topic",
        ] {
            assert!(mqtt_address(url).is_err(), "{url}");
        }
    }
}
