//! The template service: `GET {template_service_url}/api/v1/templates/{name}?language=..`.

use std::iter::once;
use std::time::Duration;

use domain::{LanguageTag, ServiceUrl, TemplateName};
use http::StatusCode;
use store::Redis;
use store::time_limit::within;
use telemetry::metrics::servers;
use telemetry::trace;

use crate::circuit_breaker::CircuitBreaker;
use crate::http_client::{self, HttpError};
use crate::template::Template;
use crate::template_cache::{Memory, TemplateCache};

/// How long finding a template may take, over all the languages that are asked for.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// The largest answer that is read, in bytes.
const LARGEST: usize = 256 * 1024;

/// When it is worth another try where nothing better is known.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// When it is worth another try where there is no template service.
const RETRY_AFTER_OFF: Duration = Duration::from_mins(1);

/// The template service, with what is remembered of it.
#[derive(Clone, Debug)]
pub struct TemplateService {
    url: Option<ServiceUrl>,
    cache: TemplateCache,
    circuit: CircuitBreaker,
}

/// A template that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The language that it was found in; nothing: it is the default.
    pub language: Option<String>,
    /// The template.
    pub template: Template,
    /// Whether it was remembered.
    pub cached: bool,
}

/// The template service is not used, left alone, or did not answer as it should.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Unavailable {
    /// Why; for the log.
    pub cause: String,
    /// When it is worth another try.
    pub retry_after: Duration,
}

/// A language to look for, and what is remembered of the template in it.
type Place<'a> = (Option<&'a str>, Memory);

impl TemplateService {
    /// The template service at `url`, or none; `redis` remembers its templates and its failures.
    pub fn new(url: Option<ServiceUrl>, redis: &Redis) -> Self {
        Self {
            url,
            cache: TemplateCache::new(redis.clone()),
            circuit: CircuitBreaker::new(redis.clone(), servers::TEMPLATES),
        }
    }

    /// The template `name` in `language`, else in the next wider one (`fr-CA`, `fr`), else the
    /// default; nothing if there is none of these.
    ///
    /// # Errors
    /// [`Unavailable`] if what is remembered does not decide and the service can't be asked.
    pub async fn find(
        &self,
        name: &TemplateName,
        language: Option<&LanguageTag>,
    ) -> Result<Option<Found>, Unavailable> {
        let url = self.url.as_ref().ok_or_else(|| Unavailable {
            cause: "template_service_url is not set".into(),
            retry_after: RETRY_AFTER_OFF,
        })?;
        let languages: Vec<Option<&str>> = language
            .into_iter()
            .flat_map(LanguageTag::lookup)
            .map(Some)
            .chain(once(None))
            .collect();
        let known = self.cache.read(name, &languages).await;
        let places: Vec<Place<'_>> = languages.into_iter().zip(known).collect();
        for (index, (language, known)) in places.iter().enumerate() {
            match known {
                Memory::Template(template) => return Ok(Some(found(*language, template, true))),
                Memory::NoTemplate => {}
                Memory::Unknown => return self.ask(url, name, &places[index..]).await,
            }
        }
        Ok(None)
    }

    /// Looks in `places`, the first of which only the service knows.
    async fn ask(
        &self,
        url: &ServiceUrl,
        name: &TemplateName,
        places: &[Place<'_>],
    ) -> Result<Option<Found>, Unavailable> {
        let permit = self.circuit.permit().await.map_err(|wait| Unavailable {
            cause: "it failed again and again a moment ago".into(),
            retry_after: wait,
        })?;
        let answer = within(TIME_LIMIT, self.first(url, name, places))
            .await
            .unwrap_or_else(|| Err(HttpError::new(format!("no answer within {TIME_LIMIT:?}"))));
        match answer {
            Ok(found) => {
                permit.succeeded().await;
                Ok(found)
            }
            Err(error) => {
                permit.failed().await;
                Err(Unavailable {
                    cause: error.to_string(),
                    retry_after: RETRY_AFTER,
                })
            }
        }
    }

    /// The template in the first of `places` that has it.
    async fn first(
        &self,
        url: &ServiceUrl,
        name: &TemplateName,
        places: &[Place<'_>],
    ) -> Result<Option<Found>, HttpError> {
        for (language, known) in places {
            match known {
                Memory::Template(template) => return Ok(Some(found(*language, template, true))),
                Memory::NoTemplate => {}
                Memory::Unknown => {
                    if let Some(template) = self.fetch(url, name, *language).await? {
                        return Ok(Some(found(*language, &template, false)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The template in exactly this language, from the service; remembered from now on.
    async fn fetch(
        &self,
        url: &ServiceUrl,
        name: &TemplateName,
        language: Option<&str>,
    ) -> Result<Option<Template>, HttpError> {
        // Neither a name nor a language tag has a letter that a URL would need to escape.
        let query = language.map_or(String::new(), |language| format!("?language={language}"));
        let path = format!("/api/v1/templates/{}{query}", name.as_str());
        let headers = headers();
        let answer = http_client::get(&url.join(&path), &headers, LARGEST).await?;
        let template = match answer.status {
            StatusCode::OK => Some(Template::parse(&answer.body).map_err(HttpError::new)?),
            StatusCode::NOT_FOUND => None,
            status => return Err(HttpError::new(format!("it answered {status}"))),
        };
        self.cache.write(name, language, template.as_ref()).await;
        Ok(template)
    }
}

/// What is sent along: the request is a part of the trace that is being worked on.
fn headers() -> Vec<(&'static str, String)> {
    let mut headers = vec![("accept", "application/json".to_owned())];
    if let Some(trace) = trace::current() {
        headers.push(("traceparent", trace.traceparent.clone()));
        let state = trace.tracestate.clone();
        headers.extend(state.map(|state| ("tracestate", state)));
    }
    headers
}

fn found(language: Option<&str>, template: &Template, cached: bool) -> Found {
    Found {
        language: language.map(str::to_owned),
        template: template.clone(),
        cached,
    }
}
