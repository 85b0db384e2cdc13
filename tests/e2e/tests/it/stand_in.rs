//! A stand-in for a service that ours asks: it answers what a test has put into it, in the manner that
//! the test asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How the stand-in answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// As it should.
    Good,
    /// Never.
    Silent,
    /// It hangs up.
    HangsUp,
    /// With half of an answer.
    Half,
    /// With a status that says nothing of what was asked for.
    Status(u16),
    /// With more than anybody reads.
    Huge,
    /// With a page for people.
    Html,
    /// With JSON that holds no template.
    NoTemplate,
}

/// A service of the test's own. It ends with the test.
pub(crate) struct StandIn {
    /// Where it listens.
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

struct State {
    /// Bodies of answers, by path and query.
    answers: BTreeMap<String, String>,
    manner: Manner,
    /// Paths and queries that were asked for.
    asked: Vec<String>,
    /// The last request, without its body.
    last: String,
}

impl StandIn {
    /// A stand-in with these answers, by path and query; all else is 404.
    pub(crate) async fn new(answers: impl IntoIterator<Item = (String, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State {
            answers: answers.into_iter().collect(),
            manner: Manner::Good,
            asked: Vec::new(),
            last: String::new(),
        }));
        let serving = tokio::spawn(serve(listener, state.clone()));
        Self {
            url,
            state,
            serving,
        }
    }

    /// Answers in this manner from now on.
    pub(crate) fn answers(&self, manner: Manner) {
        locked(&self.state).manner = manner;
    }

    /// What it was asked for since it was last looked at.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut locked(&self.state).asked)
    }

    /// The value of a header of the last request, if it was there.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let last = self.last();
        let mut headers = last.lines().filter_map(|line| line.split_once(": "));
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned())
    }

    /// The last request, without its body.
    pub(crate) fn last(&self) -> String {
        locked(&self.state).last.clone()
    }

    /// Ends: nobody listens there any more.
    pub(crate) async fn end(self) {
        self.serving.abort();
        assert!(self.serving.await.is_err(), "it was aborted");
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("nobody panics while he holds it")
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    // Those who are served end with it.
    let mut served = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        served.spawn(answer(stream, state.clone()));
    }
}

async fn answer(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some((path, request)) = requested(&mut stream).await else {
        return;
    };
    let (manner, found) = {
        let mut state = locked(&state);
        state.asked.push(path.clone());
        state.last = request;
        (state.manner, state.answers.get(&path).cloned())
    };
    let reply = match manner {
        Manner::Good => match found {
            Some(body) => reply(200, &body),
            None => reply(404, r#"{"success": false}"#),
        },
        Manner::Silent => std::future::pending().await,
        Manner::HangsUp => return,
        Manner::Half => {
            let whole = reply(200, r#"{"body": "half"}"#);
            whole[..whole.len() - 5].to_owned()
        }
        Manner::Status(status) => reply(status, "{}"),
        Manner::Huge => reply(200, &format!(r#"{{"body": "{}"}}"#, "x".repeat(300_000))),
        Manner::Html => reply(200, "<html>"),
        Manner::NoTemplate => reply(200, r#"{"data": {"subject": "s"}}"#),
    };
    // Who asks may have gone away.
    let _ = stream.write_all(reply.as_bytes()).await;
}

/// Path and query of the request, and the whole of it.
async fn requested(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.ok()?);
    }
    let request = String::from_utf8(request).expect("a request in UTF-8");
    let mut words = request.split(' ');
    assert_eq!(words.next(), Some("GET"), "{request}");
    let path = words.next()?.to_owned();
    Some((path, request))
}

fn reply(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         location: /elsewhere\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
