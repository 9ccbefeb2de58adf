// Which signed policy devices are told: at most the one on its way, and the last one that went to all. And how the devices fare
// that have fetched the one on its way; `devices.release` is what each says that it acts on.

export const releases = `
create table releases (
  id integer primary key,
  name text not null unique,
  version integer not null,
  text text not null,
  signature text not null,
  key text not null,
  expires_at integer not null,
  made_at integer not null,
  state text not null,
  stages text not null,
  stage integer not null,
  stage_at integer not null,
  reach real not null,
  halted_at integer,
  halted_why text,
  resumed_at integer not null
);
insert into releases (name, version, text, signature, key, expires_at, made_at, state, stages, stage, stage_at, reach, resumed_at)
  select etag, version, text, signature, key, expires_at, 0, 'complete', '[]', 0, 0, 1, 0
  from device_policies order by version desc limit 1;
drop table device_policies;

create table release_devices (
  release text not null,
  device text not null references devices (id),
  fetched_at integer not null,
  heard_at integer,
  refused_at integer,
  failed_at integer,
  primary key (release, device)
) without rowid;

alter table devices add column release text;
`
