-- The token with this hash, and what a password of its user must not resemble.
-- $1 SHA-256 of the token in hex, $2 purpose
select token.id, token.user_id, token.email, profile.first_name, profile.last_name
from account_tokens as token
join users as account on account.id = token.user_id and account.is_active
join user_profiles as profile on profile.user_id = token.user_id
where token.token_hash = decode($1, 'hex') and token.purpose = $2 and token.expires_at > now()
