// Why a device's agent ended, where that is the last that was heard of it, and on which day it said so.

export const lastWords = `
alter table devices add column left_why text;
alter table devices add column left_on integer;
`
