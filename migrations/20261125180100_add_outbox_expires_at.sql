-- From when on an event is not worth delivering: it carries a token that is good for nothing by then.
alter table outbox add column expires_at timestamptz;
