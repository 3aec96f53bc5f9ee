-- The audit log: who changed what, from where, before and after. Written by triggers, appended only. Secrets and hashes
-- never stand in it. Seals chain its rows by an HMAC whose key is not in this database.

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null,
  actor_id text,
  actor text not null,
  address text not null default '',
  action text not null,
  object text not null,
  object_id text,
  before jsonb,
  after jsonb,
  -- Refusals of one kind by one actor within a minute are one row.
  count integer not null default 1,
  note text not null default ''
);
create index audit_at on audit (at);
create index audit_actor on audit (actor_id, id);
create index audit_object on audit (object, object_id, id);

create table audit_seals (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  first_row bigint not null,
  last_row bigint not null unique,
  rows bigint not null,
  -- Names the key without giving it away, so that a gateway with another key does not break the chain.
  key_name text not null,
  seal bytea not null
);

create function audit_row() returns trigger language plpgsql as $$
declare
  hidden constant text[] := array['secret_hash', 'hash', 'last_seen', 'last_used', 'last_sign_in'];
  actor constant jsonb := tidewatch_actor();
  before_row jsonb;
  after_row jsonb;
begin
  if tg_op <> 'INSERT' then before_row := to_jsonb(old) - hidden; end if;
  if tg_op <> 'DELETE' then after_row := to_jsonb(new) - hidden; end if;
  if before_row is not distinct from after_row then return null; end if;
  insert into audit (actor_kind, actor_id, actor, address, action, object, object_id, before, after, note)
  values (
    actor ->> 'kind', actor ->> 'id', actor ->> 'name', coalesce(actor ->> 'address', ''),
    lower(tg_op), tg_table_name,
    coalesce(after_row, before_row) ->> tg_argv[0],
    before_row, after_row,
    coalesce(current_setting('tidewatch.note', true), '')
  );
  return null;
end $$;

create trigger audit after insert or update or delete on users for each row execute function audit_row('id');
create trigger audit after insert or update or delete on passwords for each row execute function audit_row('user_id');
create trigger audit after insert or update or delete on groups for each row execute function audit_row('id');
create trigger audit after insert or update or delete on memberships for each row execute function audit_row('user_id');
create trigger audit after insert or update or delete on topic_owners for each row execute function audit_row('pattern');
create trigger audit after insert or update or delete on tokens for each row execute function audit_row('id');
create trigger audit after insert or update or delete on grants for each row execute function audit_row('id');
create trigger audit after insert or update or delete on access_requests for each row execute function audit_row('id');
create trigger audit after insert or update or delete on logins for each row execute function audit_row('id');

create function audit_truncate() returns trigger language plpgsql as $$
declare
  actor constant jsonb := tidewatch_actor();
begin
  insert into audit (actor_kind, actor_id, actor, address, action, object)
  values (actor ->> 'kind', actor ->> 'id', actor ->> 'name', coalesce(actor ->> 'address', ''), 'truncate', tg_table_name);
  return null;
end $$;
create trigger audit_truncate after truncate on users for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on passwords for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on groups for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on memberships for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on topic_owners for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on tokens for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on grants for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on access_requests for each statement execute function audit_truncate();
create trigger audit_truncate after truncate on logins for each statement execute function audit_truncate();

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is appended only' using errcode = 'TW002';
end $$;
create trigger append_only before update or delete or truncate on audit
  for each statement execute function audit_is_append_only();
create trigger append_only before update or delete or truncate on audit_seals
  for each statement execute function audit_is_append_only();
