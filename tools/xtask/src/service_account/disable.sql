-- Ends a service account and its secrets. Answers no row if there is no such account in use.
-- $1 name, $2 who does it
with account as (
    update service_accounts set disabled_at = now()
    where name = $1 and disabled_at is null
    returning id
), ended as (
    update service_credentials as credential set revoked_at = now()
    from account
    where credential.service_account_id = account.id and credential.revoked_at is null
), audited as (
    insert into audit_log
    select entry.*
    from account, audit_row(
        null, 'operator', null, 'service_account_disabled', 'success', account.id,
        jsonb_build_object('operator', $2::text)
    ) as entry
)
select id from account
