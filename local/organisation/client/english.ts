/** What the page says. */
export const english = {
  title: 'Organisation',
  trace: 'Event trace',
  corporation: 'Corporation',
  noCorporation: 'no corporation named',
  loading: 'counting …',
  /** what the server says */
  said: (text: string) => text,
  asTable: 'As a table',

  nobody: {
    title: 'Nobody is in the table yet',
    how: 'Invent an organisation and read it, then look here again:',
  },
  missing: {
    people:
      'The views of people cannot be made: mapping.yaml needs user_info and departments as they are shipped, and the server MySQL 8.0 or MariaDB 10.11.',
    approvals: 'There is no table of approvals. Append it to mapping.yaml and start again:',
  },

  range: { label: 'Time', '90': 'last 90 days', '365': 'last year', all: 'all' },
  headcount: {
    title: 'Head count',
    now: (count: string) => `${count} today`,
    history:
      'Nobody who left before this table began is in it, and who came at a time that nobody told has been there all along.',
  },
  changes: {
    title: 'Joiners and leavers',
    joiners: 'joiners',
    leavers: 'leavers',
    per: { day: 'a day', week: 'a week', month: 'a month' },
    from: 'from',
    headcount: 'head count',
    none: 'Nobody came or left in this time.',
  },
  departments: {
    title: 'Departments',
    hint: 'With all below them, each person once',
    unknown: (id: string) => `department ${id}`,
    directly: (count: string) => `${count} in it itself`,
    none: 'No department is known.',
    openAll: 'Open all',
    closeAll: 'Close all',
  },
  approvals: {
    title: 'Time to approve',
    kind: 'kind',
    decided: 'decided',
    refused: 'refused',
    median: 'median',
    p90: '90 % within',
    none: 'No approval has been decided yet.',
  },
  units: { min: 'min', h: 'h', d: 'd' },
}

export type Texts = typeof english
