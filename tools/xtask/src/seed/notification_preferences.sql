-- Adds the preferences of those who have none.
insert into notification_preferences (user_id, email_marketing, do_not_disturb_start, do_not_disturb_end)
select
    account.id,
    (hashtext(account.username) & 2147483647) % 2 = 0,
    case when (hashtext(account.username) & 2147483647) % 4 = 0 then time '22:00' end,
    case when (hashtext(account.username) & 2147483647) % 4 = 0 then time '07:00' end
from users as account
where not exists (select from notification_preferences where user_id = account.id)
