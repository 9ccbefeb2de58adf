// By how much the times of a mark disagree, and with which other time: JSON of shared/disagreement.ts, or null.

export const disagreement = `
alter table marks add column disagreement text;
`
