-- The events of one user that wait for one destination, as a whole: who is due is found here, however
-- long the backlog is. A row comes with the first event that waits and goes with the last.
create table outbox_streams (
    destination text not null,
    user_id uuid not null,
    -- How often events were added.
    additions bigint not null default 1,
    -- When it is tried next; while somebody delivers it, when he is taken for dead.
    next_attempt_at timestamptz not null default now(),
    -- How often in a row it was tried in vain.
    attempts integer not null default 0,
    primary key (destination, user_id)
);

create index outbox_streams_due_idx on outbox_streams (destination, next_attempt_at);

-- Every event that is written has its stream. Whoever settles the stream at the same moment waits for
-- this, or this waits for him: the one that comes second sees what the first has done.
create function add_to_outbox_streams() returns trigger
language plpgsql
as $$
begin
    insert into outbox_streams (destination, user_id)
    select distinct destination, user_id
    from written
    order by destination, user_id
    on conflict (destination, user_id) do update set additions = outbox_streams.additions + 1;
    return null;
end
$$;

create trigger outbox_streams
    after insert on outbox
    referencing new table as written
    for each statement execute function add_to_outbox_streams();

insert into outbox_streams (destination, user_id)
select distinct destination, user_id
from outbox
where dead_at is null;

-- No release has these.
drop index outbox_due_idx;
alter table outbox drop column next_attempt_at, drop column attempts;
