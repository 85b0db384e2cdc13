//! A connection to the service: plain, or with TLS where a gateway wants that.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// What can be read and written.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection, whatever it is made of.
pub type Connection = Box<dyn Stream>;

/// Connects to `server` from `client`, an address of 127.0.0.0/8.
pub(crate) async fn plain(server: SocketAddr, client: Ipv4Addr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind((client, 0).into())
        .expect("an address of 127.0.0.0/8");
    socket.connect(server).await.expect("the service listens")
}

/// The same with TLS.
pub(crate) async fn tls(
    server: SocketAddr,
    client: Ipv4Addr,
    config: Arc<ClientConfig>,
) -> TlsStream<TcpStream> {
    let stream = plain(server, client).await;
    let name = ServerName::IpAddress(server.ip().into());
    let stream = TlsConnector::from(config).connect(name, stream).await;
    stream.expect("a handshake with the gateway")
}

/// Trusts the certificate in this file (PEM), and no other.
pub(crate) fn trusting(certificate: &Path) -> ClientConfig {
    let certificate = CertificateDer::from_pem_file(certificate).expect("a certificate");
    let mut trusted = RootCertStore::empty();
    trusted.add(certificate).expect("a certificate to trust");
    ClientConfig::builder()
        .with_root_certificates(trusted)
        .with_no_client_auth()
}
