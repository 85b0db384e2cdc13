-- Deactivates the user's active push tokens.
-- $1 user
with deactivated as (
    update push_tokens set is_active = false, updated_at = now()
    where user_id = $1 and is_active
    returning id
), owner as (
    update users set version = version + 1
    where id = $1 and exists (select from deactivated)
    returning version
)
select (select count(*) from deactivated) as deactivated_count, (select version from owner) as version
