-- A user with his latest 100 sessions and 100 devices.
-- $1 user
select
    admin_user_document(account, profile)::text as user_document,
    profile_document(profile, account.username)::text as profile_document,
    '[' || coalesce(
        (
            select string_agg(admin_session_document(latest.row)::text, ',' order by (latest.row).created_at desc)
            from (
                select session as row
                from sessions as session
                where session.user_id = account.id
                order by session.created_at desc
                limit 100
            ) as latest
        ),
        ''
    ) || ']' as session_documents,
    '[' || coalesce(
        (
            select string_agg(push_token_document(latest.row)::text, ',' order by (latest.row).last_used desc)
            from (
                select push_token as row
                from push_tokens as push_token
                where push_token.user_id = account.id
                order by push_token.last_used desc
                limit 100
            ) as latest
        ),
        ''
    ) || ']' as push_token_documents
from users as account
join user_profiles as profile on profile.user_id = account.id
where account.id = $1
