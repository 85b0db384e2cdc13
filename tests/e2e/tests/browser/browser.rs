//! Chromium without a window, driven by WebDriver (W3C): the little of it that a test needs.

use std::time::Duration;

use e2e::Client;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use stack::ChromeDriver;
use tokio::time::{sleep, timeout};

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// How WebDriver names the identifier of an element (section 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with a profile of its own. It ends with its driver.
pub(crate) struct Browser {
    client: Client,
    /// `/session/{id}`
    session: String,
    _driver: ChromeDriver,
}

impl Browser {
    /// Starts one, which asks no host for updates and the like.
    pub(crate) async fn open() -> Self {
        let driver = ChromeDriver::launch().expect("chromedriver starts");
        let client = Client::new(&driver.url());
        let arguments = [
            "--headless",
            // Root may have to run it, and then it has no sandbox.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,2000",
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "WARNING"},
        }}});
        let answer = client.request(Method::POST, "/session").json(&wanted);
        let answer = answer.send_unchecked().await;
        let session = format!("/session/{}", answer.text("/value/sessionId"));
        Self {
            client,
            session,
            _driver: driver,
        }
    }

    /// Goes to a page, and waits until it has loaded.
    pub(crate) async fn go_to(&self, url: &str) {
        self.command("/url", json!({"url": url})).await;
    }

    /// Waits until a CSS selector finds something, and answers how often.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.find(selector).await;
        let found = json!({"using": "css selector", "value": selector});
        let found = self.command("/elements", found).await;
        found.as_array().map_or(0, Vec::len)
    }

    /// Clicks what a CSS selector finds.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.command(&format!("{element}/click"), json!({})).await;
    }

    /// Types `text` into what a CSS selector finds.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        let command = format!("{element}/value");
        self.command(&command, json!({"text": text})).await;
    }

    /// What can be read in what a CSS selector finds.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let element = self.find(selector).await;
        let path = format!("{}{element}/text", self.session);
        let answer = self.client.request(Method::GET, &path);
        let answer = answer.send_unchecked().await;
        answer.text("/value").to_owned()
    }

    /// What a script answers.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let script = json!({"script": script, "args": []});
        self.command("/execute/sync", script).await
    }

    /// What the console says, which includes what a content security policy has refused.
    pub(crate) async fn console(&self) -> Vec<String> {
        let lines = self.command("/se/log", json!({"type": "browser"})).await;
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().map(ToString::to_string).collect()
    }

    /// Waits until a CSS selector finds something, and answers where WebDriver has it.
    async fn find(&self, selector: &str) -> String {
        let path = format!("{}/element", self.session);
        let wanted = json!({"using": "css selector", "value": selector});
        let finding = async {
            loop {
                let answer = self.client.request(Method::POST, &path).json(&wanted);
                let answer = answer.send_unchecked().await;
                if answer.status == StatusCode::OK {
                    return format!("/element/{}", answer.text(&format!("/value/{ELEMENT}")));
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        let found = timeout(PATIENCE, finding).await;
        found.unwrap_or_else(|_| panic!("in vain for {PATIENCE:?}: {selector}"))
    }

    /// Has the session do something, and answers its value.
    async fn command(&self, command: &str, parameters: Value) -> Value {
        let path = format!("{}{command}", self.session);
        let answer = self.client.request(Method::POST, &path).json(&parameters);
        let answer = answer.send_unchecked().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        answer.body["value"].clone()
    }
}
