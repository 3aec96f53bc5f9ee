-- Who there is and what they may see. Every change of the policy raises a version in the same transaction and says so
-- with NOTIFY, so that psql counts as much as the dashboard. Every change is written to the audit log by a trigger.

create table versions (
  name text primary key,
  value bigint not null
);
insert into versions (name, value) values ('policy', 1), ('logins', 1);

-- Who is acting, as the gateway sets it for its transaction; anybody else is named by their database session.
create function tidewatch_actor() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('tidewatch.actor', true), '')::jsonb,
    jsonb_build_object(
      'kind', 'database',
      'id', null,
      'name', session_user || coalesce(' (' || nullif(current_setting('application_name', true), '') || ')', ''),
      'address', coalesce(host(inet_client_addr()), 'local')
    )
  )
$$;

create table users (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (name = lower(name) and name <> ''),
  display_name text not null default '',
  email text,
  role text not null default 'viewer' check (role in ('admin', 'editor', 'viewer')),
  is_disabled boolean not null default false,
  -- Who the person is to another provider: issuer and subject. Null: a local password.
  identity text unique,
  created_at timestamptz not null default now(),
  last_sign_in timestamptz
);
create unique index users_email on users (lower(email));

create table passwords (
  user_id uuid primary key references users on delete cascade,
  hash text not null,
  must_change boolean not null default false,
  changed_at timestamptz not null default now()
);

-- Wrong passwords by the name that was typed, whether or not there is such a person.
create table sign_in_failures (
  name text primary key,
  failures integer not null,
  last_at timestamptz not null,
  locked_until timestamptz
);

create table groups (
  id uuid primary key default gen_random_uuid(),
  name text not null check (name <> ''),
  description text not null default '',
  created_at timestamptz not null default now()
);
create unique index groups_name on groups (lower(name));

create table memberships (
  user_id uuid not null references users on delete cascade,
  group_id uuid not null references groups on delete cascade,
  primary key (user_id, group_id)
);
create index memberships_group on memberships (group_id);

create domain topic_pattern as text check (
  length(value) <= 200 and value ~ '^(\*\*|([A-Za-z0-9_-]+|\*)(\.([A-Za-z0-9_-]+|\*))*(\.\*\*)?)$'
);
create domain topic_rights as text[] check (
  cardinality(value) > 0 and value <@ array['subscribe', 'history', 'publish', 'manage']
);

create table topic_owners (
  pattern topic_pattern primary key,
  group_id uuid not null references groups on delete restrict,
  is_sensitive boolean not null default false
);

create table tokens (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  kind text not null default 'service' check (kind in ('service', 'screen')),
  secret_hash bytea not null unique,
  prefix text not null,
  rights topic_rights not null,
  patterns text[] not null check (cardinality(patterns) > 0),
  -- The person who made it for their own use: it never reaches further than they do.
  on_behalf_of uuid references users on delete cascade,
  created_by text not null default (tidewatch_actor() ->> 'name'),
  created_at timestamptz not null default now(),
  expires timestamptz,
  last_used timestamptz,
  revoked_at timestamptz,
  replaces uuid references tokens on delete set null
);

create table grants (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references users on delete cascade,
  group_id uuid references groups on delete cascade,
  token_id uuid references tokens on delete cascade,
  pattern topic_pattern not null,
  rights topic_rights not null,
  labels jsonb check (jsonb_typeof(labels) = 'object' and labels <> '{}'),
  until timestamptz,
  reason text not null default '',
  created_by text not null default (tidewatch_actor() ->> 'name'),
  created_at timestamptz not null default now(),
  revision integer not null default 1,
  check (num_nonnulls(user_id, group_id, token_id) = 1)
);
create index grants_user on grants (user_id);
create index grants_group on grants (group_id);
create index grants_token on grants (token_id);

create function raise_revision() returns trigger language plpgsql as $$
begin
  new.revision := old.revision + 1;
  return new;
end $$;
create trigger grants_revision before update on grants for each row execute function raise_revision();

create table access_requests (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  pattern topic_pattern not null,
  rights topic_rights not null,
  labels jsonb check (jsonb_typeof(labels) = 'object' and labels <> '{}'),
  until timestamptz,
  reason text not null default '',
  state text not null default 'open' check (state in ('open', 'approved', 'denied', 'withdrawn')),
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references users on delete set null,
  decided_by_name text,
  answer text not null default '',
  grant_id uuid references grants on delete set null
);
create index access_requests_open on access_requests (created_at) where state = 'open';

create table logins (
  id uuid primary key default gen_random_uuid(),
  secret_hash bytea not null unique,
  user_id uuid not null references users on delete cascade,
  user_agent text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  ends timestamptz not null
);
create index logins_user on logins (user_id);

-- Versions. The row lock puts transactions that change the policy one after another, so a version is whole once seen.
create function raise_version() returns trigger language plpgsql as $$
declare
  now_at bigint;
begin
  update versions set value = value + 1 where name = tg_argv[0] returning value into now_at;
  perform pg_notify('tidewatch', tg_argv[0] || ' ' || now_at);
  return null;
end $$;

create trigger a_version after insert or delete or truncate or update of name, display_name, email, role, is_disabled
  on users for each statement execute function raise_version('policy');
create trigger a_version after insert or delete or truncate or update of must_change
  on passwords for each statement execute function raise_version('policy');
create trigger a_version after insert or delete or truncate or update of name
  on groups for each statement execute function raise_version('policy');
create trigger a_version after insert or delete or truncate or update
  on memberships for each statement execute function raise_version('policy');
create trigger a_version after insert or delete or truncate or update
  on topic_owners for each statement execute function raise_version('policy');
create trigger a_version after insert or delete or truncate or update
  on grants for each statement execute function raise_version('policy');
create trigger a_version
  after insert or delete or truncate or update of name, kind, rights, patterns, expires, revoked_at, on_behalf_of
  on tokens for each statement execute function raise_version('policy');
create trigger a_version after delete or truncate or update of ends, user_id
  on logins for each statement execute function raise_version('logins');

-- There is always an admin who can sign in. After a_version, whose row lock lets only one transaction be here.
create function keep_an_admin() returns trigger language plpgsql as $$
begin
  if not exists (select from users where role = 'admin' and not is_disabled) then
    raise exception 'this would leave no admin: make another person admin first' using errcode = 'TW001';
  end if;
  return null;
end $$;
create trigger b_keep_an_admin after delete or update of role, is_disabled
  on users for each statement execute function keep_an_admin();

-- What ends a login or a token by other means than deleting the row.
create trigger c_logins after update of is_disabled
  on users for each statement execute function raise_version('logins');
create trigger c_logins after delete or truncate or update of revoked_at, expires
  on tokens for each statement execute function raise_version('logins');
