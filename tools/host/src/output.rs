//! What components print: passed on to the host's own output in whole lines.
//!
//! Many instances print at once and a guest writes a line in several pieces, so each instance
//! collects its pieces and only complete lines are written.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

/// The most that a guest may write at once, in bytes.
const MAXIMUM_WRITE: usize = 64 * 1024;

/// One of the host's outputs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Destination {
    StandardOutput,
    StandardError,
}

/// One instance's output.
#[derive(Clone)]
pub(crate) struct Lines(Arc<Mutex<LineBuffer>>);

struct LineBuffer {
    destination: Destination,
    /// What follows the last line break.
    unfinished: Vec<u8>,
}

impl Lines {
    pub(crate) fn new(destination: Destination) -> Self {
        Self(Arc::new(Mutex::new(LineBuffer {
            destination,
            unfinished: Vec::new(),
        })))
    }

    fn write_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }
}

impl LineBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.unfinished.extend_from_slice(bytes);
        let Some(end) = self.unfinished.iter().rposition(|&byte| byte == b'\n') else {
            return Ok(());
        };
        let rest = self.unfinished.split_off(end + 1);
        let lines = std::mem::replace(&mut self.unfinished, rest);
        self.destination.write(&lines)
    }
}

impl Drop for LineBuffer {
    fn drop(&mut self) {
        if !self.unfinished.is_empty() {
            self.unfinished.push(b'\n');
            // The instance is gone: nobody is left to tell of a failure.
            let _ = self.destination.write(&self.unfinished);
        }
    }
}

impl Destination {
    fn write(self, lines: &[u8]) -> io::Result<()> {
        fn write_all(mut output: impl Write, lines: &[u8]) -> io::Result<()> {
            output.write_all(lines)?;
            output.flush()
        }
        match self {
            Self::StandardOutput => write_all(io::stdout().lock(), lines),
            Self::StandardError => write_all(io::stderr().lock(), lines),
        }
    }
}

impl IsTerminal for Lines {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Lines {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Lines {
    async fn ready(&mut self) {}
}

impl OutputStream for Lines {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.write_bytes(&bytes)
            .map_err(|error| StreamError::LastOperationFailed(error.into()))
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MAXIMUM_WRITE)
    }
}

impl AsyncWrite for Lines {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.write_bytes(bytes).map(|()| bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
