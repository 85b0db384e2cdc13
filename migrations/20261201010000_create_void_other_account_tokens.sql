-- Makes all tokens of user $1 worthless but the one for the purpose $2, and answers them. For what sends him
-- a token itself, and closes the account to whoever had another one.
create function void_other_account_tokens(uuid, text) returns setof uuid
language sql volatile
as $$
    delete from account_tokens where user_id = $1 and purpose <> $2 returning id
$$;
