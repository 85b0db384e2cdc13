//! What Redis remembers of templates: those that there are, and for a short while those that there
//! are not.

use std::time::Duration;

use domain::TemplateName;
use store::Redis;
use store::redis::RedisResult;

use crate::template::Template;

/// How long a template is remembered.
const TTL: Duration = Duration::from_mins(5);

/// How long it is remembered that there is none.
const NONE_TTL: Duration = Duration::from_secs(30);

/// What is remembered of a template in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    /// The template.
    Template(Template),
    /// That there is none.
    NoTemplate,
    /// Nothing.
    Unknown,
}

/// The remembered templates.
#[derive(Clone, Debug)]
pub(crate) struct TemplateCache {
    redis: Redis,
}

impl TemplateCache {
    /// What `redis` remembers.
    pub(crate) fn new(redis: Redis) -> Self {
        Self { redis }
    }

    /// What is remembered of the template `name` in each of `languages`, in their order.
    pub(crate) async fn read(
        &self,
        name: &TemplateName,
        languages: &[Option<&str>],
    ) -> Vec<Memory> {
        let keys: Vec<_> = languages
            .iter()
            .map(|language| key(name, *language))
            .collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut known = match self.redis.command("MGET", &keys).await {
            Ok(reply) => reply.iter().map(remembered).collect(),
            Err(_) => Vec::new(),
        };
        known.resize(languages.len(), Memory::Unknown);
        known
    }

    /// Remembers the template `name` in `language`, or that there is none.
    pub(crate) async fn write(
        &self,
        name: &TemplateName,
        language: Option<&str>,
        template: Option<&Template>,
    ) {
        let text = template.map(serde_json::to_string).transpose();
        // Texts can always be written as JSON.
        let text = text.ok().flatten().unwrap_or_default();
        let ttl = if template.is_some() { TTL } else { NONE_TTL };
        let ttl = ttl.as_millis().to_string();
        // Without Redis nothing is remembered.
        let _ = self
            .redis
            .command("SET", &[&key(name, language), &text, "PX", &ttl])
            .await;
    }
}

/// All languages of a template live in one slot of a Redis Cluster, so that one command reads them.
fn key(name: &TemplateName, language: Option<&str>) -> String {
    format!(
        "us:template:{{{}}}:{}",
        name.as_str(),
        language.unwrap_or_default()
    )
}

/// What stands under a key: a template as JSON, or an empty text.
fn remembered(reply: &RedisResult) -> Memory {
    match reply {
        RedisResult::Binary(bytes) if bytes.is_empty() => Memory::NoTemplate,
        RedisResult::Binary(bytes) => {
            serde_json::from_slice(bytes).map_or(Memory::Unknown, Memory::Template)
        }
        _ => Memory::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_a_template_or_that_there_is_none() {
        let binary = |text: &str| remembered(&RedisResult::Binary(text.into()));
        assert_eq!(remembered(&RedisResult::Nil), Memory::Unknown);
        assert_eq!(binary(""), Memory::NoTemplate);
        let template = Template {
            subject: None,
            body: "a".into(),
        };
        let text = serde_json::to_string(&template).unwrap();
        assert_eq!(binary(&text), Memory::Template(template));
        assert_eq!(binary("{"), Memory::Unknown);
    }

    #[test]
    fn the_languages_of_a_template_have_one_hash_tag() {
        let name = TemplateName::parse("welcome").unwrap();
        assert_eq!(key(&name, Some("fr-CA")), "us:template:{welcome}:fr-CA");
        assert_eq!(key(&name, None), "us:template:{welcome}:");
    }
}
