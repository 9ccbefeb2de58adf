// By which silence a device is out of its habit (server/habit.ts), as an instant, so that counting the quiet ones reads no
// others; and the day on which its agent was last stopped in order. What is known already begins with the default.

export const habits = `
alter table devices add column silences text not null
  default '{"recent":[1,1],"before":[0,0],"year":0,"yearBefore":0}';
alter table devices add column quiet_after integer not null default 0;
alter table devices add column stopped_on integer;
update devices set quiet_after = coalesce(last_seen_at, enrolled_at) + 604800000;
create index devices_quiet on devices (quiet_after, id, status);
`
