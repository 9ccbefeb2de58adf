// The first tables. What grows with devices and time is clustered by device and has no row id (measured: five times
// faster to fill than with random secondary indexes), so that one device's rows lie together.

export const first = `
create table meta (
  name text primary key not null,
  value integer not null
) without rowid;
insert into meta (name, value) values ('rulebook', 0), ('dates', 0);

create table devices (
  id text primary key not null,
  key text not null unique,
  status text not null,
  enrolled_at integer not null,
  enrol_token text,
  revoked_at integer,
  label text not null,
  hostname text not null,
  os text not null,
  os_version text not null,
  arch text not null,
  serial text,
  agent_version text not null,
  key_protection text not null,
  last_seen_at integer,
  last_scan_at integer,
  policy_version integer,
  clock_off integer not null default 0,
  worst text,
  severity integer not null default 0
) without rowid;
create index devices_worst on devices (severity, id);
create index devices_seen on devices (coalesce(last_seen_at, 0), id, status);
create index devices_serial on devices (serial) where serial is not null;

create table chains (
  device text primary key not null references devices (id),
  epoch text not null,
  counter integer not null,
  sequence integer not null,
  head text not null,
  token text not null,
  envelope_hash text not null,
  nonces text not null,
  receipt text not null
) without rowid;

create table epochs (
  device text not null references devices (id),
  epoch text not null,
  ended_at integer not null,
  counter integer not null,
  head text not null,
  primary key (device, epoch)
) without rowid;

create table nonces (
  device text not null,
  use text not null,
  nonce text not null,
  at integer not null,
  primary key (device, use, nonce)
) without rowid;

create table envelopes (
  device text not null,
  epoch text not null,
  counter integer not null,
  received_at integer not null,
  header text not null,
  signature text not null,
  primary key (device, epoch, counter)
) without rowid;

create table records (
  device text not null,
  epoch text not null,
  sequence integer not null,
  salt text,
  text text,
  primary key (device, epoch, sequence)
) without rowid;

create table accounts (
  device text not null,
  account text not null,
  key text not null unique,
  label text not null,
  readable integer not null,
  gone integer not null,
  primary key (device, account)
) without rowid;

create table detections (
  device text not null,
  account text not null,
  tool text not null,
  state text not null,
  gone integer not null,
  running integer,
  strength text not null,
  version text,
  installed_on text,
  installed_before_cutoff integer,
  used_before_cutoff integer not null,
  able_to_run integer not null,
  evidence text not null,
  reported_at integer not null,
  primary key (device, account, tool)
) without rowid;

create table marks (
  device text not null,
  account text not null,
  tool text not null,
  kind text not null,
  session text not null,
  device_at integer not null,
  boot text,
  resolution_ms integer not null,
  basis text not null,
  strength text not null,
  doubts text not null,
  without_record integer not null,
  signal text not null,
  evidence text not null,
  primary key (device, account, tool, kind, session, device_at)
) without rowid;

create table sessions_seen (
  session text not null,
  device text not null,
  primary key (session, device)
) without rowid;

create table clocks (
  device text not null,
  boot text not null,
  offset_ms real not null,
  error_ms real not null,
  stepped integer not null,
  primary key (device, boot)
) without rowid;

create table items (
  id integer primary key,
  item text not null,
  source text not null,
  name text not null,
  unique (name, item, source)
);

create table inventory (
  device text not null,
  item integer not null references items (id),
  account text not null,
  version text,
  first_day text not null,
  last_day text,
  primary key (device, item, account)
) without rowid;
create index inventory_item on inventory (item, device, account);

create table gaps (
  device text not null,
  account text not null,
  collector text not null,
  place text not null,
  hash text not null,
  reason text not null,
  detail text,
  from_at integer not null,
  until_at integer,
  primary key (device, account, collector, place, hash, reason)
) without rowid;
create index gaps_open on gaps (reason, device) where until_at is null;

create table coverage (
  device text not null,
  account text not null,
  state text not null,
  at integer not null,
  catalogue text not null,
  gaps integer not null,
  primary key (device, account)
) without rowid;

create index coverage_machine on coverage (state, device) where account = '';

create table scans (
  device text primary key not null,
  started_at integer not null,
  finished_at integer not null,
  cpu_ms integer not null,
  policy_version integer,
  catalogue text not null,
  collectors text not null
) without rowid;

create table events (
  device text not null,
  id integer not null,
  at integer not null,
  account text not null,
  type text not null,
  tool text,
  summary text not null,
  primary key (device, id)
) without rowid;
create unique index events_newest on events (id);

create table findings (
  id text primary key not null,
  device text not null,
  account text not null,
  tool text not null,
  status text not null,
  severity integer not null,
  rule text,
  row integer,
  since integer,
  last_mark_at integer,
  policy_version integer,
  lifecycle text not null,
  closed_mark_at integer,
  judged_at integer not null,
  changed_at integer not null,
  body text not null
) without rowid;
create unique index findings_device on findings (device, account, tool);
create index findings_worst on findings (severity, coalesce(last_mark_at, 0), id);
create index findings_last on findings (coalesce(last_mark_at, 0), id);
create index findings_policy on findings (policy_version, status);
create index findings_tool on findings (tool, status, lifecycle);

create table lifecycles (
  id integer primary key,
  finding text not null,
  at integer not null,
  by text not null,
  lifecycle text not null,
  reason text not null
);
create index lifecycles_finding on lifecycles (finding, id);

create table policies (
  version integer primary key,
  activated_at integer not null,
  activated_by text not null,
  policy text not null
);

create table device_policies (
  version integer primary key,
  text text not null,
  signature text not null,
  key text not null,
  etag text not null,
  expires_at integer not null
);

create table waivers (
  id text primary key not null,
  waiver text not null,
  created_at integer not null,
  created_by text not null,
  revoked_at integer,
  revoked_by text
);

create table people (
  id integer primary key check (id = 1),
  people text not null
);

create table audit (
  id integer primary key,
  at integer not null,
  by text not null,
  action text not null,
  subject text,
  reason text,
  hash text not null
);

create table sessions (
  id text primary key not null,
  user text not null,
  role text not null,
  csrf text not null,
  created_at integer not null,
  used_at integer not null
) without rowid;

create table login_links (
  hash text primary key not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer
) without rowid;

create table looks (
  session text not null,
  device text not null,
  account text not null,
  until integer not null,
  reason text not null,
  primary key (session, device, account)
) without rowid;

create table enrol_tokens (
  id text primary key not null,
  hash text not null unique,
  created_at integer not null,
  created_by text not null,
  expires_at integer not null,
  max_uses integer,
  uses integer not null default 0,
  revoked_at integer
) without rowid;

create table jobs (
  id integer primary key,
  kind text not null,
  cursor text not null,
  created_at integer not null,
  leased_until integer not null
);
`
