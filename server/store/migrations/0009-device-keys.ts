// Keys that devices had before the present one, which envelope was signed by which, and which device another probably goes on as.

export const deviceKeys = `
alter table devices add column key_number integer not null default 0;
alter table devices add column key_since integer;
alter table devices add column hardware_hash text;
alter table devices add column system_hash text;
alter table devices add column predecessor text;
alter table devices add column predecessor_why text;
create index devices_hardware on devices (hardware_hash) where hardware_hash is not null;
create index devices_system on devices (system_hash) where system_hash is not null;
create index devices_predecessor on devices (predecessor) where predecessor is not null;

alter table envelopes add column key_number integer not null default 0;

create table former_keys (
  device text not null references devices (id),
  number integer not null,
  key text not null unique,
  ended_at integer not null,
  token text not null,
  signature text not null,
  primary key (device, number)
) without rowid;
`
