-- The users of the old service whose e-mail addresses or user names are the same but for letter case.
select 'email' as field, array_agg(id::text order by id) as ids
from users
group by lower(email)
having count(*) > 1
union all
select 'username', array_agg(id::text order by id)
from users
group by lower(username)
having count(*) > 1
