//! The connections of this instance to Redis: to one server, or to the nodes of a cluster.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use spin_sdk::redis::{Connection, Error};
use spin_sdk::time::sleep;

use super::call::Call;
use super::cluster::{Redirection, SlotMap, address_of, url_at};
use super::{RedisError, Reply};
use crate::turn::Turn;

/// How often a call is sent on to another node: a key that has moved while its node was away needs three.
const MOST_REDIRECTIONS: u32 = 5;

/// How long a map of slots is believed to be nearly right: within that time of its making only the
/// slot that was found elsewhere is learnt.
const MAP_AGE: Duration = Duration::from_secs(1);

/// How often who needs a connection that another request is opening looks whether it is there.
const TICK: Duration = Duration::from_millis(1);

thread_local! {
    /// Opening costs a round trip and more, so the connections outlive the request.
    static NODES: RefCell<Nodes> = RefCell::default();

    /// How often a connection was lost.
    static INTERRUPTIONS: Cell<u64> = const { Cell::new(0) };
}

/// What is kept.
#[derive(Default)]
struct Nodes {
    /// By URL.
    connections: HashMap<String, Arc<Connection>>,
    /// Whether one is being opened, by URL.
    opening: HashMap<String, Arc<AtomicBool>>,
    /// Empty until a server turns out to be one of a cluster.
    slots: SlotMap,
    slots_since: Option<Instant>,
}

/// Forgets all connections, and what was learnt of a cluster.
pub(super) fn forget() {
    NODES.take();
    note_interruption();
}

fn note_interruption() {
    INTERRUPTIONS.set(INTERRUPTIONS.get() + 1);
}

/// How often a connection was lost, or given up.
pub(super) fn interruptions() -> u64 {
    INTERRUPTIONS.get()
}

/// Sends `call` to the server at `url`, or to the node of its cluster that has the call's key.
pub(super) async fn execute(url: &str, call: &Call<'_>) -> Result<Reply, RedisError> {
    let mut node = node_of(url, call);
    for _ in 0..MOST_REDIRECTIONS {
        let error = match send(&node, call).await {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        node = match Redirection::parse(&description(&error), address_of(&node)) {
            Some(Redirection::Moved { slot, node }) => {
                let owner = url_at(url, &node);
                learn(&owner, slot, node).await;
                owner
            }
            Some(Redirection::Ask { node }) => {
                let target = url_at(url, &node);
                match ask(&target, call).await {
                    Ok(reply) => return Ok(reply),
                    // The move has ended meanwhile, or was given up.
                    Err(error) if is_redirection(&error) => node_of(url, call),
                    Err(error) => return Err(failed(&error)),
                }
            }
            // A node that has gone: the server that is always asked first knows who has its slots now.
            None if !is_server_answer(&error) && node != url => {
                forget();
                url.to_owned()
            }
            None => return Err(failed(&error)),
        };
    }
    Err(RedisError::new("it was sent from one node to the other"))
}

/// The URL of the node that has the key of `call`, as far as that is known.
fn node_of(url: &str, call: &Call<'_>) -> String {
    NODES.with_borrow(|nodes| {
        let node = call.key.and_then(|key| nodes.slots.node_of(key));
        node.map_or_else(|| url.to_owned(), |node| url_at(url, node))
    })
}

/// Sends `call` to the server at `url`, on a new connection if the kept one turns out to be dead.
async fn send(url: &str, call: &Call<'_>) -> Result<Reply, Error> {
    if let Some(connection) = kept(url) {
        match call.send(&connection).await {
            Err(error) if !is_server_answer(&error) => give_up(url, &connection),
            answer => return answer,
        }
    }
    call.send(&*connect(url).await?).await
}

/// The connection to the server at `url`, if there is one.
fn kept(url: &str) -> Option<Arc<Connection>> {
    NODES.with_borrow(|nodes| nodes.connections.get(url).cloned())
}

/// Keeps `connection` no longer, unless another one has taken its place.
fn give_up(url: &str, connection: &Arc<Connection>) {
    NODES.with_borrow_mut(|nodes| {
        let connections = &mut nodes.connections;
        if connections
            .get(url)
            .is_some_and(|kept| Arc::ptr_eq(kept, connection))
        {
            connections.remove(url);
        }
    });
    note_interruption();
}

/// A new connection to the server at `url`. Of several requests that need it, one opens it.
async fn connect(url: &str) -> Result<Arc<Connection>, Error> {
    let is_opening = NODES.with_borrow_mut(|nodes| {
        let opening = nodes.opening.entry(url.to_owned());
        opening.or_default().clone()
    });
    let _turn = loop {
        if let Some(connection) = kept(url) {
            return Ok(connection);
        }
        match Turn::take(is_opening.clone()) {
            Some(turn) => break turn,
            None => sleep(TICK).await,
        }
    };
    let connection = Arc::new(open(url).await?);
    let is_further_node = NODES.with_borrow_mut(|nodes| {
        nodes.connections.insert(url.to_owned(), connection.clone());
        nodes.connections.len() > 1
    });
    if is_further_node {
        // Nothing is known of how it was until now.
        note_interruption();
    }
    Ok(connection)
}

/// Sends `call` to the node at `url`, to which its slot is being moved. On a connection of its own:
/// on a shared one a stranger's command might come between `ASKING` and the call.
async fn ask(url: &str, call: &Call<'_>) -> Result<Reply, Error> {
    let connection = open(url).await?;
    call.send_asking(&connection).await
}

/// Learns from the node at `url` which node has which slots, or if it does not say so, or has said so
/// a moment ago, that `node` has `slot`.
async fn learn(url: &str, slot: u16, node: String) {
    let is_recent = NODES.with_borrow(|nodes| {
        let since = nodes.slots_since;
        since.is_some_and(|since| since.elapsed() < MAP_AGE)
    });
    let slots = if is_recent {
        None
    } else {
        let call = Call::command("CLUSTER", &["SLOTS"]);
        send(url, &call).await.ok()
    };
    NODES.with_borrow_mut(|nodes| {
        if let Some(slots) = slots {
            nodes.slots = SlotMap::parse(&slots, address_of(url));
            nodes.slots_since = Some(Instant::now());
        }
        nodes.slots.learn(slot, node);
    });
}

async fn open(url: &str) -> Result<Connection, Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that opens it"
    )]
    Connection::open(url).await
}

/// True if Redis itself answered with an error, so that the connection is alive: the host says so, or
/// begins with the error's code, as `WRONGTYPE: …`, if it knows no name for it.
fn is_server_answer(error: &Error) -> bool {
    let Error::Other(text) = error else {
        return false;
    };
    let code = text.split_once(':').map_or("", |(code, _)| code);
    text.contains("signalled by the server")
        || (!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn is_redirection(error: &Error) -> bool {
    Redirection::parse(&description(error), "").is_some()
}

fn failed(error: &Error) -> RedisError {
    RedisError::new(&description(error))
}

fn description(error: &Error) -> String {
    match error {
        Error::Other(text) => text.clone(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_redis_is_told_from_a_lost_connection() {
        for (text, expected) in [
            ("An error was signalled by the server - Moved: 1 a:1", true),
            ("WRONGTYPE: Operation against a key", true),
            ("Connection refused (os error 111)", false),
            ("broken pipe", false),
            ("Failed: reason", false),
            (": ", false),
        ] {
            assert_eq!(
                is_server_answer(&Error::Other(text.into())),
                expected,
                "{text}"
            );
        }
        assert!(!is_server_answer(&Error::InvalidAddress));
    }
}
