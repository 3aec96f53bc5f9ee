-- The live sessions of every gateway, said again every two seconds. Unlogged: after a crash they are said anew.

create unlogged table gateways (
  id text primary key,
  started_at timestamptz not null,
  seen timestamptz not null
);

create unlogged table sessions (
  gateway text not null,
  id text not null,
  principal_kind text not null,
  principal_id uuid not null,
  principal text not null,
  credential_id uuid,
  address text not null,
  user_agent text not null,
  since timestamptz not null,
  topics text[] not null,
  frames_per_second double precision not null,
  bytes_per_second double precision not null,
  in_flight_bytes double precision not null,
  merged_ticks bigint not null,
  seen timestamptz not null,
  state text not null default 'open' check (state in ('open', 'kicked')),
  primary key (gateway, id)
);
create index sessions_principal on sessions (principal_id);
