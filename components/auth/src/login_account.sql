-- The account that a login is about, and whether its owner has signed in from this address, of late.
-- $1 e-mail in lower case, $2 client's address, of IPv6 its /64, or null
select
    account.id,
    account.password,
    account.is_active,
    account.is_verified,
    account.password_reset_required_at is not null as must_reset_password,
    account.erase_at is not null as is_to_be_erased,
    exists (
        select
        from (
            select ip from sessions where user_id = account.id order by created_at desc limit 100
        ) as session
        where session.ip <<= $2::text::inet
    ) as is_known_address
from users as account
where lower(account.email) = $1
