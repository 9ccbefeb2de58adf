// Indexes for lists that come by accounts' keys, and for gaps newest first: no page sorts a whole table.

export const orderByKey = `
create unique index accounts_device_key on accounts (device, key);

drop index gaps_open;
create index gaps_open on gaps (reason, from_at, device) where until_at is null;
create index gaps_open_newest on gaps (from_at, device) where until_at is null;
create index gaps_newest on gaps (from_at, device);
`
