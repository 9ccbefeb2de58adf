// How many marks a mark stands for besides itself: a device whose spool was full tells the first and the last, and a number.

export const moreMarks = `
alter table marks add column more integer not null default 0;
`
