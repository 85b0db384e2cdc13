//! Redis Cluster, as far as a client must know it: which slot a key is in, which node has the slot, and
//! what a node answers that does not have it. Spin's host knows nothing of it.

use spin_sdk::redis::RedisResult;

/// How many slots a cluster has.
const SLOTS: u16 = 16_384;

/// Where a node says that a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Redirection {
    /// The slot belongs to another node.
    Moved {
        /// The slot.
        slot: u16,
        /// `host:port` of the node.
        node: String,
    },
    /// The slot is being moved to another node, and this key is there already, or will be.
    Ask {
        /// `host:port` of the node.
        node: String,
    },
}

impl Redirection {
    /// Reads an error of Redis as the host describes it: `… Moved: 3999 10.0.0.1:6379`. A node that
    /// does not know the name of another says only its port; it is at the host of `asked`, then.
    pub(super) fn parse(error: &str, asked: &str) -> Option<Self> {
        let (is_moved, rest) = match error.split_once("Moved: ") {
            Some((_, rest)) => (true, rest),
            None => (false, error.split_once("Ask: ")?.1),
        };
        let (slot, node) = rest.trim().split_once(' ')?;
        let slot = slot.parse().ok().filter(|slot| *slot < SLOTS)?;
        let (host, port) = node.rsplit_once(':')?;
        let node = address(host, port.parse().ok()?, asked);
        Some(if is_moved {
            Self::Moved { slot, node }
        } else {
            Self::Ask { node }
        })
    }
}

/// Whether Redis refuses a call since some of its keys are here and others at the node to which their
/// slot is being moved, or since a script has found a key gone from here.
pub(super) fn is_split_by_a_move(error: &str) -> bool {
    error.contains("TryAgain") || error.contains("access a non local key")
}

/// Which node has which slots.
#[derive(Debug, Default)]
pub(super) struct SlotMap(Vec<Range>);

#[derive(Debug, PartialEq, Eq)]
struct Range {
    first: u16,
    last: u16,
    node: String,
}

impl SlotMap {
    /// Reads the answer of `asked` to `CLUSTER SLOTS`. The host makes one list of it: for each range its
    /// two ends, then each of its nodes, the master first: host, port and name, and what else there is.
    pub(super) fn parse(reply: &[RedisResult], asked: &str) -> Self {
        use RedisResult::{Binary, Int64, Nil};
        let ranges = reply.windows(4).filter_map(|part| {
            let [
                Int64(first),
                Int64(last),
                host @ (Binary(_) | Nil),
                Int64(port),
            ] = part
            else {
                return None;
            };
            let host = match host {
                Binary(host) => std::str::from_utf8(host).ok()?,
                _ => "",
            };
            Some(Range {
                first: (*first).try_into().ok()?,
                last: (*last).try_into().ok()?,
                node: address(host, (*port).try_into().ok()?, asked),
            })
        });
        Self(ranges.collect())
    }

    /// Notes that `node` has `slot`.
    pub(super) fn learn(&mut self, slot: u16, node: String) {
        self.0.push(Range {
            first: slot,
            last: slot,
            node,
        });
    }

    /// `host:port` of the node that has `key`, if that is known.
    pub(super) fn node_of(&self, key: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let slot = slot_of(key);
        let mut newest_first = self.0.iter().rev();
        newest_first
            .find(|range| (range.first..=range.last).contains(&slot))
            .map(|range| range.node.as_str())
    }
}

/// `url` with `address` for its host and port.
pub(super) fn url_at(url: &str, address: &str) -> String {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url[start..]
        .find(['/', '?'])
        .map_or(url.len(), |path| start + path);
    let start = url[start..end]
        .rfind('@')
        .map_or(start, |at| start + at + 1);
    format!("{}{address}{}", &url[..start], &url[end..])
}

/// `host:port` of `url`, as far as it says so.
pub(super) fn address_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, address)| address)
}

/// `host:port`, with the host of `asked` if `host` is not known.
fn address(host: &str, port: u16, asked: &str) -> String {
    if host.is_empty() || host == "?" {
        let has_port = !asked.ends_with(']');
        let host = asked
            .rsplit_once(':')
            .filter(|_| has_port)
            .map_or(asked, |(host, _)| host);
        format!("{host}:{port}")
    } else if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// The slot of `key`: of what stands in its first braces, if there is something.
fn slot_of(key: &str) -> u16 {
    let tag = key
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map_or(key, |(tag, _)| if tag.is_empty() { key } else { tag });
    checksum(tag.as_bytes()) % SLOTS
}

/// CRC-16 as Redis Cluster's specification names it: XMODEM, polynomial 0x1021, from 0.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum: u16, _| {
            let carry = if sum & 0x8000 == 0 { 0 } else { 0x1021 };
            (sum << 1) ^ carry
        })
    })
}

#[cfg(test)]
mod tests {
    use RedisResult::{Binary, Int64, Nil};

    use super::*;

    fn parse(error: &str) -> Option<Redirection> {
        Redirection::parse(error, "seed:6379")
    }

    #[test]
    fn a_key_is_in_the_slot_that_redis_says() {
        // `redis-cli cluster keyslot`
        assert_eq!(checksum(b"123456789"), 0x31c3);
        for (key, slot) in [
            ("foo", 12_182),
            ("us:{foo}:session:1", 12_182),
            ("{foo}{bar}", 12_182),
            ("us:{hashes}:waiting", slot_of("hashes")),
            ("{}foo", checksum(b"{}foo") % SLOTS),
        ] {
            assert_eq!(slot_of(key), slot, "{key}");
        }
    }

    #[test]
    fn a_redirection_names_the_node() {
        let signalled = "An error was signalled by the server";
        for (error, expected) in [
            ("Moved: 3999 10.0.0.1:6381", "10.0.0.1:6381"),
            ("Moved: 3999 cache-1.example:6381", "cache-1.example:6381"),
            ("Moved: 3999 ::1:6381", "[::1]:6381"),
            ("Moved: 3999 :6381", "seed:6381"),
        ] {
            assert_eq!(
                parse(&format!("{signalled} - {error}")),
                Some(Redirection::Moved {
                    slot: 3999,
                    node: expected.to_owned()
                }),
                "{error}"
            );
        }
        assert_eq!(
            parse(&format!("{signalled} - Ask: 7 10.0.0.2:6379")),
            Some(Redirection::Ask {
                node: "10.0.0.2:6379".to_owned()
            })
        );
    }

    #[test]
    fn other_errors_are_no_redirections() {
        for error in [
            "",
            "connection refused",
            "An error was signalled by the server - ResponseError: wrong number of arguments",
            "Moved: 3999",
            "Moved: 16384 10.0.0.1:6381",
            "Moved: x 10.0.0.1:6381",
            "Ask: 1 10.0.0.1:port",
        ] {
            assert_eq!(parse(error), None, "{error}");
        }
    }

    #[test]
    fn the_map_of_slots_is_read_from_one_list() {
        let binary = |text: &str| Binary(text.into());
        let reply = [
            Int64(0),
            Int64(5460),
            binary("10.0.0.1"),
            Int64(6379),
            binary("a name"),
            binary("hostname"),
            binary("cache-1"),
            binary("10.0.0.4"),
            Int64(6379),
            binary("its replica"),
            Int64(5461),
            Int64(16383),
            Nil,
            Int64(6380),
            binary("another name"),
        ];
        let mut slots = SlotMap::parse(&reply, "seed:6379");
        assert_eq!(slots.0.len(), 2);
        assert_eq!(slots.node_of("foo"), Some("seed:6380"));
        assert_eq!(slots.node_of("{123456789}"), Some("seed:6380"));
        assert_eq!(slots.node_of("bar"), Some("10.0.0.1:6379"), "slot 5061");
        slots.learn(5061, "10.0.0.9:1".into());
        assert_eq!(slots.node_of("bar"), Some("10.0.0.9:1"));
        assert_eq!(SlotMap::default().node_of("bar"), None);
    }

    #[test]
    fn another_node_has_the_same_credentials() {
        for (url, expected) in [
            ("redis://seed:6379", "redis://n:1"),
            ("redis://seed", "redis://n:1"),
            ("rediss://me:p@ss@seed:6379/0", "rediss://me:p@ss@n:1/0"),
            (
                "redis://[::1]:6379/?protocol=resp3",
                "redis://n:1/?protocol=resp3",
            ),
        ] {
            assert_eq!(url_at(url, "n:1"), expected);
        }
        assert_eq!(address_of("rediss://me:p@ss@seed:6379/0"), "seed:6379");
        assert_eq!(address_of("redis://[::1]"), "[::1]");
        assert_eq!(address("", 1, "[::1]"), "[::1]:1");
    }
}
