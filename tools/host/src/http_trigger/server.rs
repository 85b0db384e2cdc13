//! The listener: accepts HTTP/1.1 connections until a signal comes, then ends in good order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use super::service::Service;

/// How many connections may wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 4096;

/// How long requests in flight may take after a signal.
const SHUTDOWN_TIME: Duration = Duration::from_secs(5);

/// How long to wait before accepting again when the system is out of file descriptors.
const RETRY_TIME: Duration = Duration::from_millis(50);

/// Serves on `address` until SIGINT or SIGTERM. Says on the standard output when it is ready.
pub(crate) async fn serve(address: SocketAddr, service: Service) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = listen(address).with_context(|| format!("can't listen on {address}"))?;
    println!("Serving http://{}", listener.local_addr()?);

    let service = Arc::new(service);
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => serve_connection(stream, client, &service, &connections),
                Err(error) => {
                    eprintln!("A connection was not accepted: {error}");
                    sleep(RETRY_TIME).await;
                }
            },
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
        }
    }
    drop(listener);
    if timeout(SHUTDOWN_TIME, connections.shutdown())
        .await
        .is_err()
    {
        eprintln!("Requests that took more than {SHUTDOWN_TIME:?} were cut off.");
    }
    Ok(())
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    // A restart must not wait for the connections of the last run.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn serve_connection(
    stream: TcpStream,
    client: SocketAddr,
    service: &Arc<Service>,
    connections: &GracefulShutdown,
) {
    // Without it small answers wait for the client's acknowledgement. A failure only costs time.
    let _ = stream.set_nodelay(true);
    let service = Arc::clone(service);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(
            TokioIo::new(stream),
            service_fn(move |request| {
                let service = Arc::clone(&service);
                async move { service.answer(request, client).await }
            }),
        );
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // What fails here is the client's: it went away or does not speak HTTP.
        let _ = connection.await;
    });
}
