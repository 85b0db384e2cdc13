-- The push tokens of the old service in the order of their identifiers.
-- $1 the last one that is known, $2 how many at most
select push_token.id::text as id, row_to_json(push_token)::text as content
from push_tokens as push_token
where push_token.id > $1::text::uuid
order by push_token.id
limit $2
