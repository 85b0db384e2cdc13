-- What events say of a user whose profile their statement does not write: as `event_user` with a profile, but
-- finds it by itself. Called with the row as its update has returned it, thus once the row is locked, it finds
-- the profile as the change before has left it, since whoever changes a profile locks its user first. A join
-- would find the one that was there when the statement began, before it waited.
create function event_user(account users) returns json
language sql volatile
as $$
    select event_user(account, profile) from user_profiles as profile where profile.user_id = account.id
$$;
