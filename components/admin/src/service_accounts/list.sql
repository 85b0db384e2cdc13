-- The service accounts by name, behind a name.
-- $1 name or null, $2 accounts a page
with page as (
    select found.row, row_number() over () as position
    from (
        select account as row
        from service_accounts as account
        where $1::text is null or account.name > $1::text
        order by account.name
        limit $2::bigint + 1
    ) as found
)
select
    exists (select from page where position > $2::bigint) as has_more,
    '[' || coalesce(
        (
            select string_agg(admin_service_account_document(row)::text, ',' order by position)
            from page
            where position <= $2::bigint
        ),
        ''
    ) || ']' as documents
