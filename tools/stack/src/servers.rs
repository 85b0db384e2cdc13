//! The servers of a stack, started at the same time where that saves time.

use std::path::Path;
use std::thread;

use anyhow::{Result, anyhow};

use crate::builder::Source;
use crate::migrations::migrate;
use crate::postgresql::{Keeping, PostgreSql};
use crate::rabbitmq::RabbitMq;
use crate::redis::Redis;
use crate::redis_cluster::RedisCluster;

/// Where the servers come from.
pub(crate) struct Sources {
    pub(crate) database: Source,
    pub(crate) redis: RedisSource,
    pub(crate) rabbitmq: Source,
    /// The side of an existing RabbitMQ that consumers see.
    pub(crate) amqp_url: String,
}

/// Where Redis comes from.
pub(crate) enum RedisSource {
    /// One server, or none.
    One(Source),
    /// A private cluster is started.
    Cluster,
}

/// The private servers, and the URLs of all: empty where there is none.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) redis: Option<Redis>,
    pub(crate) redis_cluster: Option<RedisCluster>,
    pub(crate) rabbitmq: Option<RabbitMq>,
    pub(crate) postgresql: Option<PostgreSql>,
    pub(crate) database_url: String,
    pub(crate) redis_url: String,
    pub(crate) mqtt_url: String,
    pub(crate) amqp_url: String,
}

impl Servers {
    /// Starts the private ones for the service on `port`, with their data in `folder`, and migrates
    /// the database.
    pub(crate) fn start(
        sources: Sources,
        folder: &Path,
        port: u16,
        keeping: Keeping,
        progress: &dyn Fn(&str),
    ) -> Result<Self> {
        let Sources {
            database,
            redis,
            rabbitmq,
            amqp_url,
        } = sources;
        // RabbitMQ takes some ten seconds: everything else is started meanwhile.
        let (broker, others) = thread::scope(|scope| {
            if rabbitmq == Source::Private {
                progress("Starting RabbitMQ");
            }
            let broker = scope.spawn(|| start_rabbitmq(rabbitmq, amqp_url, folder, port, keeping));
            let others = start_database_and_redis(database, redis, folder, port, keeping, progress);
            if !broker.is_finished() {
                progress("Waiting for RabbitMQ");
            }
            (broker.join(), others)
        });
        let (database, redis) = others?;
        let broker = broker.map_err(|_| anyhow!("starting RabbitMQ panicked"))??;
        Ok(Self {
            postgresql: database.0,
            redis: redis.one,
            redis_cluster: redis.cluster,
            rabbitmq: broker.0,
            database_url: database.1,
            redis_url: redis.url,
            mqtt_url: broker.1,
            amqp_url: broker.2,
        })
    }
}

/// A server, if it is a private one, and its URL.
type Started<T> = (Option<T>, String);

/// Redis, if it is a private one, and its URL.
struct StartedRedis {
    one: Option<Redis>,
    cluster: Option<RedisCluster>,
    url: String,
}

fn start_database_and_redis(
    database: Source,
    redis: RedisSource,
    folder: &Path,
    port: u16,
    keeping: Keeping,
    progress: &dyn Fn(&str),
) -> Result<(Started<PostgreSql>, StartedRedis)> {
    let database = match database {
        Source::Existing(url) => (None, url),
        Source::Private => {
            progress("Starting PostgreSQL");
            let server = PostgreSql::launch(folder, port, keeping, progress)?;
            let url = server.url();
            (Some(server), url)
        }
    };
    let redis = start_redis(redis, folder, port, progress)?;
    progress("Migrating the database");
    migrate(&database.1)?;
    Ok((database, redis))
}

fn start_redis(
    source: RedisSource,
    folder: &Path,
    port: u16,
    progress: &dyn Fn(&str),
) -> Result<StartedRedis> {
    let (one, cluster, url) = match source {
        RedisSource::One(Source::Existing(url)) => (None, None, url),
        RedisSource::One(Source::Private) => {
            progress("Starting Redis");
            let server = Redis::launch(folder, port)?;
            let url = server.url();
            (Some(server), None, url)
        }
        RedisSource::Cluster => {
            progress("Starting a Redis Cluster");
            let cluster = RedisCluster::launch(folder, port)?;
            let url = cluster.url();
            (None, Some(cluster), url)
        }
    };
    Ok(StartedRedis { one, cluster, url })
}

/// RabbitMQ, if it is a private one, with the URLs of its publisher and of its consumers.
fn start_rabbitmq(
    source: Source,
    amqp_url: String,
    folder: &Path,
    port: u16,
    keeping: Keeping,
) -> Result<(Option<RabbitMq>, String, String)> {
    match source {
        Source::Existing(mqtt_url) => Ok((None, mqtt_url, amqp_url)),
        Source::Private => {
            let server = RabbitMq::launch(folder, port, keeping)?;
            let (mqtt_url, amqp_url) = (server.mqtt_url(), server.amqp_url());
            Ok((Some(server), mqtt_url, amqp_url))
        }
    }
}
