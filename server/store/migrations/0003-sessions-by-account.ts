// Which accounts reported a session, not only which devices: one that two accounts of a device did is in doubt. What an older
// server let pass is doubted here, and judged again.

export const sessionsByAccount = `
create table sessions_by_account (
  session text not null,
  device text not null,
  account text not null,
  primary key (session, device, account)
) without rowid;
insert into sessions_by_account (session, device, account)
  select distinct session, device, account from marks where session <> '';
drop table sessions_seen;
alter table sessions_by_account rename to sessions_seen;

create temporary table shared as
  select session, device from sessions_seen group by session, device having count(*) > 1;
update marks set doubts = json_insert(doubts, '$[#]', 'another-account')
  where (session, device) in (select session, device from temp.shared);
insert into jobs (kind, cursor, created_at, leased_until)
  select 'rejudge', '', 0, 0 where exists (select 1 from temp.shared);
drop table temp.shared;
`
