-- Adds roles: every five hundredth user helps the others, and the first of them are administrators.
insert into user_roles (user_id, role)
select id, case when position <= 3 then 'admin' else 'support' end
from (
    select id, row_number() over (order by created_at desc) as position
    from (
        select id, created_at, row_number() over (order by created_at) as number
        from users
        where email like 'user%@seed.example'
    ) as seeded
    where number % 500 = 0
) as staff
on conflict do nothing
