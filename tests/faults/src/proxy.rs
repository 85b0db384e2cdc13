//! A TCP proxy in front of a server, which can be made to fail as networks do.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// How the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// As it should be.
    Good,
    /// Each piece arrives so much later.
    Late(Duration),
    /// Nothing arrives, and nobody is told.
    BlackHole,
    /// Connections are reset, new ones at once.
    Reset,
    /// A few bytes arrive at a time, and not many of those.
    SlowDrip,
    /// Connections end after so many bytes of the server's answers.
    CutAfter(usize),
}

/// A proxy; it ends with its last connection.
#[derive(Debug)]
pub(crate) struct Proxy {
    port: u16,
    network: watch::Sender<Network>,
}

impl Proxy {
    /// A proxy on a free port in front of `upstream` of 127.0.0.1.
    pub(crate) async fn before(upstream: u16) -> Result<Self> {
        let port = stack::free_port()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .context("the proxy can't listen")?;
        let (network, watched) = watch::channel(Network::Good);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, upstream, watched.clone()));
            }
        });
        Ok(Self { port, network })
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Changes the network, for connections that are open, too.
    pub(crate) fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

async fn connect(mut client: TcpStream, upstream: u16, network: watch::Receiver<Network>) {
    let mut watched = network.clone();
    let passing = async {
        let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream)).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        tokio::join!(
            pass(from_client, to_server, network.clone(), false),
            pass(from_server, to_client, network.clone(), true),
        );
        std::io::Result::Ok(())
    };
    let is_reset = tokio::select! {
        biased;
        _ = watched.wait_for(|network| *network == Network::Reset) => true,
        _ = passing => false,
    };
    if is_reset {
        // With no time to linger, closing sends RST.
        let _ = client.set_zero_linger();
    }
}

/// Passes on what comes until one of the two ends; both are ended then.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut network: watch::Receiver<Network>,
    is_answer: bool,
) {
    let mut buffer = vec![0; 16 * 1024];
    let mut passed = 0;
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let piece = &buffer[..length];
        let is_there = network
            .wait_for(|network| *network != Network::BlackHole)
            .await;
        let Ok(state) = is_there.map(|state| *state) else {
            break;
        };
        let written = match state {
            Network::Late(time) => {
                sleep(time).await;
                to.write_all(piece).await
            }
            Network::SlowDrip => drip(&mut to, piece, &network).await,
            Network::CutAfter(most) if is_answer && passed + length > most => break,
            _ => to.write_all(piece).await,
        };
        passed += length;
        if written.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}

async fn drip(
    to: &mut (impl AsyncWrite + Unpin),
    piece: &[u8],
    network: &watch::Receiver<Network>,
) -> std::io::Result<()> {
    for bytes in piece.chunks(16) {
        if *network.borrow() == Network::SlowDrip {
            sleep(Duration::from_millis(20)).await;
        }
        to.write_all(bytes).await?;
    }
    Ok(())
}
