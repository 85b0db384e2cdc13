//! Users with their profiles and preferences, and what of them can't be brought over as it is.

use anyhow::{Context, Result};
use domain::{AvatarUrl, Email, LanguageTag, Parsed, PhoneNumber, TimeZone, Username};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::password::Usability;
use super::source::Collisions;
use super::text::{cut, reasons};
use crate::django::{NIL, Report, Table};
use crate::operator::operator;

/// Longest first or last name of a profile, in characters.
const LONGEST_NAME: usize = 100;
/// The same of the user's row, which only Django shows.
const LONGEST_ACCOUNT_NAME: usize = 150;
/// Longest text about oneself, in characters.
const LONGEST_BIO: usize = 10_000;

/// Users, each with what belongs to him once.
pub(super) struct Accounts {
    collisions: Collisions,
}

/// A row of the source.
#[derive(Debug, Deserialize)]
struct Row {
    account: Account,
    profile: Option<Profile>,
    preferences: Option<Preferences>,
}

/// A row of `users`; times are as PostgreSQL writes them.
#[expect(clippy::struct_excessive_bools, reason = "as the table has them")]
#[derive(Debug, Deserialize, Serialize)]
struct Account {
    email: String,
    username: String,
    password: String,
    phone_number: Option<String>,
    first_name: String,
    last_name: String,
    is_active: bool,
    is_verified: bool,
    is_staff: bool,
    is_superuser: bool,
    last_login: Option<String>,
    last_login_ip: Option<String>,
    date_joined: String,
    created_at: String,
    updated_at: String,
}

/// A row of `user_profiles`.
#[derive(Debug, Deserialize, Serialize)]
struct Profile {
    id: Option<String>,
    first_name: String,
    last_name: String,
    avatar_url: Option<String>,
    timezone: String,
    language: String,
    bio: String,
    created_at: String,
    updated_at: String,
}

/// A row of `notification_preferences`.
#[expect(clippy::struct_excessive_bools, reason = "as the table has them")]
#[derive(Debug, Deserialize, Serialize)]
struct Preferences {
    id: Option<String>,
    email_enabled: bool,
    email_marketing: bool,
    email_transactional: bool,
    email_security: bool,
    email_system: bool,
    push_enabled: bool,
    push_marketing: bool,
    push_transactional: bool,
    push_security: bool,
    push_system: bool,
    do_not_disturb_start: Option<String>,
    do_not_disturb_end: Option<String>,
    frequency_limit: i64,
    created_at: String,
    updated_at: String,
}

impl Accounts {
    /// Users of whom these can't be told from others.
    pub(super) fn new(collisions: Collisions) -> Self {
        Self { collisions }
    }
}

impl Table for Accounts {
    const NAME: &'static str = "users";
    const ROWS: &'static str = "users";
    const READ: &'static str = include_str!("accounts_read.sql");
    const FIRST: &'static str = NIL;
    const WRITE: &'static str = include_str!("accounts_write.sql");
    const TAKEN: &'static str = "Another user has the e-mail address or the user name here.";

    fn write_parameters(&self) -> Vec<String> {
        vec![operator()]
    }

    fn checked(&self, id: &str, content: &str, report: &mut Report) -> Result<Option<Value>> {
        let Row {
            mut account,
            profile,
            preferences,
        } = serde_json::from_str(content)
            .with_context(|| format!("the users of the source have another shape, as {id}"))?;
        if let Some((field, others)) = self.collisions.get(id) {
            let others = others.join(", ");
            let reason = format!("It is the same as that of {others} but for letter case.");
            report.refuse(Self::NAME, id, Some(field), &reason);
            return Ok(None);
        }
        let mut notes = Notes { id, report };
        if !account.check(&mut notes) {
            return Ok(None);
        }
        let mut profile = profile.unwrap_or_else(|| Profile::of(&account));
        profile.check(&mut notes);
        let mut preferences = preferences.unwrap_or_else(|| Preferences::of(&account));
        preferences.check(&mut notes);
        let mut row = serde_json::to_value(&account)?;
        row["profile"] = serde_json::to_value(&profile)?;
        row["preferences"] = serde_json::to_value(&preferences)?;
        Ok(Some(row))
    }
}

/// What is noted about one user.
struct Notes<'a> {
    id: &'a str,
    report: &'a mut Report,
}

impl Notes<'_> {
    /// Cuts a text that is too long.
    fn cut(&mut self, field: &str, text: &mut String, limit: usize) {
        let short = cut(text, limit).len();
        if short < text.len() {
            text.truncate(short);
            let reason = format!("It is cut to {limit} characters.");
            self.report.change(Accounts::NAME, self.id, field, &reason);
        }
    }

    /// Puts `instead` in the place of a value that `parse` refuses.
    fn replace<T, V>(
        &mut self,
        field: &str,
        value: &mut V,
        parsed: Parsed<T>,
        instead: V,
        becomes: &str,
    ) {
        if let Err(problem) = parsed {
            *value = instead;
            let reason = format!("{} It becomes {becomes}.", reasons(&problem));
            self.report.change(Accounts::NAME, self.id, field, &reason);
        }
    }
}

impl Account {
    /// Whether it can be brought over, with what has to be changed for that.
    fn check(&mut self, notes: &mut Notes<'_>) -> bool {
        let email = Email::parse(&self.email);
        for (field, problem) in [
            ("email", email.as_ref().err()),
            ("username", Username::parse(&self.username).as_ref().err()),
        ] {
            if let Some(problem) = problem {
                let reason = reasons(problem);
                notes
                    .report
                    .refuse(Accounts::NAME, notes.id, Some(field), &reason);
                return false;
            }
        }
        if let Ok(email) = email
            && email.as_str() != self.email
        {
            email.as_str().clone_into(&mut self.email);
            notes.report.change(
                Accounts::NAME,
                notes.id,
                "email",
                "It is stored in lower case.",
            );
        }
        if let Some(number) = &self.phone_number {
            let parsed = PhoneNumber::parse(number);
            notes.replace("phone_number", &mut self.phone_number, parsed, None, "null");
        }
        for (field, name) in [
            ("first_name", &mut self.first_name),
            ("last_name", &mut self.last_name),
        ] {
            notes.cut(field, name, LONGEST_ACCOUNT_NAME);
        }
        if let Some(reason) = Usability::of(&self.password).reason() {
            notes
                .report
                .note(Accounts::NAME, notes.id, "password", reason);
        }
        true
    }
}

impl Profile {
    /// That of a user who has none.
    fn of(account: &Account) -> Self {
        Self {
            id: None,
            first_name: cut(&account.first_name, LONGEST_NAME).to_owned(),
            last_name: cut(&account.last_name, LONGEST_NAME).to_owned(),
            avatar_url: None,
            timezone: "UTC".to_owned(),
            language: "en".to_owned(),
            bio: String::new(),
            created_at: account.created_at.clone(),
            updated_at: account.updated_at.clone(),
        }
    }

    fn check(&mut self, notes: &mut Notes<'_>) {
        notes.cut("profile.first_name", &mut self.first_name, LONGEST_NAME);
        notes.cut("profile.last_name", &mut self.last_name, LONGEST_NAME);
        notes.cut("profile.bio", &mut self.bio, LONGEST_BIO);
        if let Some(url) = &self.avatar_url {
            let parsed = AvatarUrl::parse(url);
            notes.replace(
                "profile.avatar_url",
                &mut self.avatar_url,
                parsed,
                None,
                "null",
            );
        }
        let parsed = TimeZone::parse(&self.timezone);
        notes.replace(
            "profile.timezone",
            &mut self.timezone,
            parsed,
            "UTC".to_owned(),
            "UTC",
        );
        let parsed = LanguageTag::parse(&self.language);
        notes.replace(
            "profile.language",
            &mut self.language,
            parsed,
            "en".to_owned(),
            "en",
        );
    }
}

impl Preferences {
    /// Those of a user who has none: the defaults.
    fn of(account: &Account) -> Self {
        Self {
            id: None,
            email_enabled: true,
            email_marketing: true,
            email_transactional: true,
            email_security: true,
            email_system: true,
            push_enabled: true,
            push_marketing: false,
            push_transactional: true,
            push_security: true,
            push_system: true,
            do_not_disturb_start: None,
            do_not_disturb_end: None,
            frequency_limit: 50,
            created_at: account.created_at.clone(),
            updated_at: account.updated_at.clone(),
        }
    }

    fn check(&mut self, notes: &mut Notes<'_>) {
        if self.frequency_limit < 0 {
            self.frequency_limit = 0;
            let reason = "It is negative. It becomes 0.";
            notes.report.change(
                Accounts::NAME,
                notes.id,
                "preferences.frequency_limit",
                reason,
            );
        }
    }
}
