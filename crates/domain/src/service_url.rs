//! Where another service is: a setting.

use crate::settings::SettingError;

/// An `http` or `https` URL with nothing behind its path, and no slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUrl(String);

impl ServiceUrl {
    /// Reads the setting `name`; nothing if it is empty: there is no such service.
    ///
    /// # Errors
    /// If `text` is no such URL.
    pub fn parse(name: &'static str, text: &str) -> Result<Option<Self>, SettingError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if is_service_url(text) {
            Ok(Some(Self(text.trim_end_matches('/').to_owned())))
        } else {
            Err(SettingError::new(
                name,
                "must look like http://host:port or https://host, with a path if need be, and \
                 without user, query and fragment",
            ))
        }
    }

    /// The URL of `path` there; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

fn is_service_url(text: &str) -> bool {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        !rest.starts_with(['/', ':'])
            && !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:[]".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_to_the_url() {
        for url in [
            "http://templates:8000",
            "http://templates:8000/",
            " http://templates:8000\n",
        ] {
            let url = ServiceUrl::parse("template_service_url", url)
                .unwrap()
                .unwrap();
            assert_eq!(url.join("/api/v1"), "http://templates:8000/api/v1");
        }
        let url = ServiceUrl::parse("n", "https://[::1]/a/b/")
            .unwrap()
            .unwrap();
        assert_eq!(url.join("/c"), "https://[::1]/a/b/c");
    }

    #[test]
    fn nothing_is_no_service() {
        assert_eq!(ServiceUrl::parse("n", " "), Ok(None));
    }

    #[test]
    fn other_urls_are_refused_without_being_repeated() {
        for text in [
            "templates:8000",
            "ftp://templates",
            "http://",
            "http:///x",
            "http://:80",
            "http://me:secret@templates",
            "http://templates?x=1",
            "http://templates#x",
            "http://temp lates",
            "HTTP://templates",
        ] {
            let error = ServiceUrl::parse("template_service_url", text).unwrap_err();
            assert_eq!(error.name(), "template_service_url");
            assert!(!error.to_string().contains("templates"), "{error}");
        }
    }
}
