// Things of no catalogue that behave like AI coding agents, for the question what they are.

export const unlisted = `
create table unlisted (
  device text not null,
  account text not null,
  id text not null,
  source text not null,
  name text not null,
  behaviours text not null,
  gone integer not null,
  reported_at integer not null,
  primary key (device, account, id)
) without rowid;
`
