//! What a user may do beyond his own account: the words that the table `permissions` and a token's
//! `scope` list.

use std::fmt;

/// One thing that a user with a role may do. Which role permits what is in the table `role_permissions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffPermission {
    /// Find and see users, with their sessions and devices.
    UsersRead,
    /// See phone numbers, profiles, network addresses and what clients call themselves.
    PersonalRead,
    /// Mark the e-mail address of a user as verified.
    UsersVerify,
    /// Clear the counts of a user's attempts to sign in.
    UsersUnlock,
    /// Have a user reset his password before he signs in again.
    PasswordsReset,
    /// End sessions of a user.
    SessionsEnd,
    /// Activate and deactivate users.
    UsersActivate,
    /// Erase users.
    UsersDelete,
    /// Do all this to users who have a role, too.
    StaffWrite,
    /// See the roles.
    RolesRead,
    /// Grant and revoke roles.
    RolesWrite,
    /// See service accounts.
    ServicesRead,
    /// Make, change and end service accounts.
    ServicesWrite,
    /// Read the audit trail, with network addresses.
    AuditRead,
    /// See events that could not be delivered.
    DeadLettersRead,
    /// Have events delivered again that could not be.
    DeadLettersReplay,
}

impl StaffPermission {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::UsersRead,
        Self::PersonalRead,
        Self::UsersVerify,
        Self::UsersUnlock,
        Self::PasswordsReset,
        Self::SessionsEnd,
        Self::UsersActivate,
        Self::UsersDelete,
        Self::StaffWrite,
        Self::RolesRead,
        Self::RolesWrite,
        Self::ServicesRead,
        Self::ServicesWrite,
        Self::AuditRead,
        Self::DeadLettersRead,
        Self::DeadLettersReplay,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsersRead => "admin:users:read",
            Self::PersonalRead => "admin:personal:read",
            Self::UsersVerify => "admin:users:verify",
            Self::UsersUnlock => "admin:users:unlock",
            Self::PasswordsReset => "admin:passwords:reset",
            Self::SessionsEnd => "admin:sessions:end",
            Self::UsersActivate => "admin:users:activate",
            Self::UsersDelete => "admin:users:delete",
            Self::StaffWrite => "admin:staff:write",
            Self::RolesRead => "admin:roles:read",
            Self::RolesWrite => "admin:roles:write",
            Self::ServicesRead => "admin:services:read",
            Self::ServicesWrite => "admin:services:write",
            Self::AuditRead => "admin:audit:read",
            Self::DeadLettersRead => "admin:dead-letters:read",
            Self::DeadLettersReplay => "admin:dead-letters:replay",
        }
    }
}

impl fmt::Display for StaffPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
