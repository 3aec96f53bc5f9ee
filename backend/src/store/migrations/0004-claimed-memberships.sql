-- Where a membership comes from: kept by an admin, or said by the provider at each sign-in. Only the latter are taken
-- away again when the provider stops saying them.

alter table memberships
  add column source text not null default 'admin' check (source in ('admin', 'claims'));
