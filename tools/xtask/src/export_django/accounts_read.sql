-- The users who were changed since a moment, in the order of their identifiers, each with his profile and
-- preferences; their roles are flags in the old service.
-- $1 the last one that is known, $2 how many at most, $3 since when
select
    account.id::text as id,
    (
        to_jsonb(account) || jsonb_build_object(
            'is_staff', exists (select from user_roles where user_id = account.id),
            'is_superuser', exists (select from user_roles where user_id = account.id and role = 'admin'),
            'profile', profile,
            'preferences', preferences
        )
    )::text as content
from users as account
join user_profiles as profile on profile.user_id = account.id
join notification_preferences as preferences on preferences.user_id = account.id
where account.id > $1::text::uuid
  and (
      greatest(account.updated_at, profile.updated_at, preferences.updated_at) >= $3::text::timestamptz
      -- A login may have hashed the password anew.
      or account.last_login >= $3::text::timestamptz
      or exists (
          select
          from audit_log
          where subject_id = account.id and action = 'authz_change' and occurred_at >= $3::text::timestamptz
      )
  )
order by account.id
limit $2
