//! Starts and stops what the service runs on, for one port: a private PostgreSQL, a private Redis,
//! a private RabbitMQ and a host that serves the components. Used by `xtask`, the end-to-end tests and the benchmark.
//!
//! Everything is plain processes: they are stopped when their handle is dropped, and die with this
//! process even if it is killed.

mod builder;
mod chromedriver;
mod cluster;
mod component_variables;
mod dotenv;
mod folder;
mod host;
mod interrupt;
mod migrations;
mod nginx;
mod ports;
mod postgresql;
mod process;
mod programs;
mod rabbitmq;
mod redis;
mod redis_cluster;
mod secret;
mod server_user;
mod servers;
mod spin;
mod stack;
mod starting;
mod variables;

pub use builder::{Source, StackBuilder};
pub use chromedriver::ChromeDriver;
pub use dotenv::{read_dotenv, write_dotenv};
pub use folder::{kept_amqp_url, workspace_root};
pub use host::{Host, HostKind, HostOptions};
pub use interrupt::stop_all_on_signals;
pub use migrations::migrate;
pub use nginx::Nginx;
pub use ports::{ensure_free, free_port};
pub use postgresql::{PostgreSql, running_database_url};
pub use process::{Signal, run_to_end, stop_all};
pub use programs::{find_nginx, find_postgresql, find_program, find_rabbitmq};
pub use rabbitmq::RabbitMq;
pub use redis::Redis;
pub use redis_cluster::RedisCluster;
pub use secret::random as random_secret;
pub use spin::recent_spin;
pub use stack::Stack;
pub use variables::{
    SERVER_VARIABLES, component_database_url, database_address, mqtt_address, plain_database_url,
    redis_address, replica_address, service_address,
};
