-- Adds users who can't be brought over as they are. Each is called by what is odd about him.
with odd (name, email, password, timezone, language, avatar_url, bio, frequency_limit) as (
    values
        ('same_1', 'Same@odd.example', null, 'UTC', 'en', null, '', 1),
        ('same_2', 'same@Odd.example', null, 'UTC', 'en', null, '', 1),
        ('Twin', 'twin-1@odd.example', null, 'UTC', 'en', null, '', 1),
        ('tWIN', 'twin-2@odd.example', null, 'UTC', 'en', null, '', 1),
        ('no_address', 'nobody', null, 'UTC', 'en', null, '', 1),
        ('no name!', 'no-name@odd.example', null, 'UTC', 'en', null, '', 1),
        ('upper_case', 'Upper.Case@Odd.Example', null, 'UTC', 'en', null, '', 1),
        ('no_zone', 'no-zone@odd.example', null, 'Mars/Olympus', 'en', null, '', 1),
        ('no_language', 'no-language@odd.example', null, 'UTC', '12', null, '', 1),
        ('no_picture', 'no-picture@odd.example', null, 'UTC', 'en', 'ftp://pictures.example/1', '', 1),
        ('long_bio', 'long-bio@odd.example', null, 'UTC', 'en', null, repeat('ä', 10001), 1),
        ('negative', 'negative@odd.example', null, 'UTC', 'en', null, '', -5),
        ('unusable', 'unusable@odd.example', '!Xk2brought0along', 'UTC', 'en', null, '', 1),
        ('scrypt', 'scrypt@odd.example', 'scrypt$16384$salt$8$1$aGFzaA==', 'UTC', 'en', null, '', 1),
        ('costly', 'costly@odd.example', 'pbkdf2_sha256$9000000$salt$aGFzaA==', 'UTC', 'en', null, '', 1)
), new_user as (
    insert into users
    select
        coalesce(password, '!'), null, false, '', '', false, true, now(), gen_random_uuid(), email, name, null,
        true, now(), now(), null
    from odd
    returning id, username
), profile as (
    insert into user_profiles
    select gen_random_uuid(), '', '', avatar_url, timezone, language, bio, now(), now(), id
    from new_user
    join odd on odd.name = new_user.username
), preferences as (
    insert into notification_preferences
    select
        gen_random_uuid(), true, true, true, true, true, true, false, true, true, true, null, null,
        frequency_limit, now(), now(), id
    from new_user
    join odd on odd.name = new_user.username
), bare_user as (
    -- Without profile and preferences, and with all flags.
    insert into users
    values (
        '!', null, true, 'Bare', 'User', true, true, now(), gen_random_uuid(), 'bare@odd.example', 'bare', null,
        true, now(), now(), null
    )
    returning id
), push_token as (
    insert into push_tokens
    select
        gen_random_uuid(), odd_token.token, odd_token.type, odd_token.platform, odd_token.device, '', true, now(),
        now(), now(), bare_user.id
    from bare_user, (
        values
            ('odd-type', 'apns', 'ios', ''),
            ('odd-platform', 'fcm', 'tv', ''),
            (repeat('x', 2049), 'fcm', 'web', 'too long'),
            (
                '{"endpoint": "https://push.example/1", "keys": {"p256dh": "BA' || repeat('A', 85)
                    || '", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}',
                'fcm', 'web', 'subscription'
            )
    ) as odd_token (token, type, platform, device)
)
insert into token_blacklist_outstandingtoken (token, created_at, expires_at, user_id, jti)
select 'not looked at', now(), now() + odd_token.age, bare_user.id, odd_token.jti
from bare_user, (
    values (interval '1 day', 'not hexadecimal'), (interval '-1 day', md5('expired')), (interval '1 day', md5('blacklisted'))
) as odd_token (age, jti)
