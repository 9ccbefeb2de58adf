// The keys that the server signs with, by their public halves: which count, which counted when, and which one is prepared.

export const serverKeys = `
create table server_keys (
  kind text not null,
  number integer not null,
  key text not null unique,
  since integer,
  until integer,
  reason text,
  primary key (kind, number)
) without rowid;
`
