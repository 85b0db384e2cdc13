-- The token whose code this is, and what a password of its user must not resemble. A wrong code is
-- counted: the row is locked meanwhile, so that no more are compared than may be wrong.
-- $1 hash of the code in hex, $2 purpose, $3 e-mail in lower case, $4 most wrong codes
with tried as (
    update account_tokens as token
    set wrong_codes = token.wrong_codes + (token.code_hash <> decode($1, 'hex'))::int
    from users as account
    where token.email = $3::text
      and token.purpose = $2
      and token.code_expires_at > now()
      and token.wrong_codes < $4::bigint
      and account.id = token.user_id
      and account.is_active
    returning token.id, token.user_id, token.email, token.code_hash = decode($1, 'hex') as is_right
)
select tried.id, tried.user_id, tried.email, profile.first_name, profile.last_name
from tried
join user_profiles as profile on profile.user_id = tried.user_id
where tried.is_right
