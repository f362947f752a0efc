create table entry (
  number      bigint primary key,
  at          timestamptz not null default now(),
  actor_kind  text not null check (actor_kind in ('person', 'service')),
  actor_id    text not null,
  action      text not null,
  subject     text not null,
  details     jsonb not null default '{}',
  hash        text not null unique
);

create index entry_by_actor on entry (actor_id, at);
create index entry_by_subject on entry (subject, at);

-- The service's role may add and read, nothing else.
revoke update, delete, truncate on entry from public;
