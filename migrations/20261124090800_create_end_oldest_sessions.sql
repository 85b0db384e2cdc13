-- Ends the oldest live sessions of user $1 beyond $3, session $2 not counted, and answers them. A
-- function for the same reason as those before it: of logins at once, each sees the sessions of
-- those that came first.
create function end_oldest_sessions(uuid, uuid, bigint) returns setof uuid
language sql volatile
as $$
    update sessions
    set revoked_at = now(), revoked_reason = 'too_many_sessions'
    where id in (
        select id
        from sessions
        where user_id = $1 and id <> $2 and revoked_at is null and expires_at > now()
        order by created_at desc, id desc
        offset $3
    )
      -- One that has ended meanwhile keeps its reason.
      and revoked_at is null
    returning id
$$;
