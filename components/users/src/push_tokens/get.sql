-- One push token of the user, and his version.
-- $1 user, $2 push token
select
    push_token_document(push_token)::text as document,
    (select version from users where id = $1) as version
from push_tokens as push_token
where push_token.user_id = $1 and push_token.id = $2
