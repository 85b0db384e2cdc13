-- Removes a push token of the user. Answers no row if he has no such push token.
-- $1 user, $2 push token, $3 destinations of events
with removed as (
    delete from push_tokens as push_token
    where push_token.id = $2 and push_token.user_id = $1
    returning push_token.user_id, push_token as row
), owner as (
    update users
    set version = version + 1
    from removed
    where users.id = removed.user_id
    returning users.id, users.version
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from owner, removed, outbox_rows(
        $3, owner.id, owner.version, 'user.token_deleted',
        json_build_object('push_token', event_push_token(removed.row), 'reason', 'deleted')
    ) as event
)
select version from owner
