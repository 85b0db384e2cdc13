-- When the account is erased, if its owner has asked for that and there is a grace period.
alter table users add column erase_at timestamptz;
