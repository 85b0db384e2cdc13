//! Fuzz targets of what reads what strangers send. README.md says how to run them for longer than a test.

#[cfg(test)]
mod forwarded_headers;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod preference_rules;
#[cfg(test)]
mod request_bodies;
