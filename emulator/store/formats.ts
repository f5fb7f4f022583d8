import { mergeDeadLetters } from './deadLetters'
import { indexPeople } from './people'

/**
 * The store's tables, one step a format: a file of format n gets the steps after it, each in SQL or by what is more than
 * SQL can say. A released step is never changed.
 */
export const FORMATS = [
  `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  bus TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  type TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  json TEXT NOT NULL
);
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event_seq INTEGER NOT NULL REFERENCES events (seq),
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  error TEXT
);
CREATE INDEX deliveries_by_event ON deliveries (event_seq);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'pending';
CREATE TABLE attempts (
  delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq),
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (delivery_seq, number)
) WITHOUT ROWID;
`,
  `
-- of an event as a whole, see traceFilter.ts; kept here so that a list by state needs no join
ALTER TABLE events ADD COLUMN state TEXT NOT NULL DEFAULT 'unmatched';
-- JSON: the rules that did not match, and why
ALTER TABLE events ADD COLUMN mismatches TEXT NOT NULL DEFAULT '[]';
CREATE INDEX events_by_state ON events (state, seq);
CREATE INDEX events_by_id ON events (id, seq);
CREATE INDEX events_by_type ON events (type, seq);
CREATE INDEX events_by_time ON events (received_at);

ALTER TABLE deliveries RENAME TO deliveries_1;
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event_seq INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  error TEXT
);
INSERT INTO deliveries SELECT seq, event_seq, rule, target, iif(state = 'dead', 'dropped', state), attempts, next_attempt_at, error
  FROM deliveries_1;

ALTER TABLE attempts RENAME TO attempts_1;
CREATE TABLE attempts (
  delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  error TEXT,
  -- what the target answered, such as a function's summary
  answer TEXT,
  PRIMARY KEY (delivery_seq, number)
) WITHOUT ROWID;
INSERT INTO attempts SELECT delivery_seq, number, started_at, ms, error, NULL FROM attempts_1;
DROP TABLE attempts_1;
DROP TABLE deliveries_1;
CREATE INDEX deliveries_by_event ON deliveries (event_seq);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'pending';
CREATE INDEX deliveries_blocked ON deliveries (event_seq) WHERE state = 'blocked';
UPDATE events SET state = CASE
  WHEN EXISTS (SELECT 1 FROM deliveries WHERE event_seq = events.seq AND state = 'pending' AND attempts > 0) THEN 'retrying'
  WHEN EXISTS (SELECT 1 FROM deliveries WHERE event_seq = events.seq AND state = 'pending') THEN 'pending'
  WHEN EXISTS (SELECT 1 FROM deliveries WHERE event_seq = events.seq AND state = 'dropped') THEN 'dead'
  WHEN EXISTS (SELECT 1 FROM deliveries WHERE event_seq = events.seq) THEN 'delivered'
  ELSE 'unmatched' END;

-- dead-letter queues; the event is the raw one, not what was made of it for the target
CREATE TABLE dead_letters (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  queue TEXT NOT NULL,
  event_seq INTEGER NOT NULL,
  delivery_seq INTEGER NOT NULL,
  dead_at INTEGER NOT NULL,
  error TEXT NOT NULL,
  json TEXT NOT NULL
);
CREATE INDEX dead_letters_by_event ON dead_letters (event_seq);

-- event buses, event sources and rules
CREATE TABLE resources (
  kind TEXT NOT NULL,
  bus TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON
  definition TEXT NOT NULL,
  PRIMARY KEY (kind, bus, name)
) WITHOUT ROWID;
`,
  `
-- a delivery names its target whole, so that what is next for a target is found without looking at the others
ALTER TABLE deliveries ADD COLUMN bus TEXT NOT NULL DEFAULT '';
UPDATE deliveries SET bus = (SELECT bus FROM events WHERE seq = event_seq);
DROP INDEX deliveries_due;
DROP INDEX deliveries_blocked;
CREATE INDEX deliveries_due ON deliveries (bus, rule, target, next_attempt_at) WHERE state = 'pending';
CREATE INDEX deliveries_in_order ON deliveries (bus, rule, target) WHERE state = 'pending';
CREATE INDEX deliveries_blocked ON deliveries (bus, rule, target) WHERE state = 'blocked';
`,
  `
-- what functions said they could not use was taken for delivered: see functionTarget.ts
UPDATE deliveries SET state = 'set-aside' WHERE state = 'delivered' AND EXISTS (
  SELECT 1 FROM attempts WHERE delivery_seq = deliveries.seq AND error IS NULL
    AND CASE WHEN json_valid(answer) THEN json_type(answer, '$.deadLettered') IN ('integer', 'real')
      AND answer ->> '$.deadLettered' > 0 END);
UPDATE events SET state = 'set-aside' WHERE state = 'delivered'
  AND EXISTS (SELECT 1 FROM deliveries WHERE event_seq = events.seq AND deliveries.state = 'set-aside');

-- whom an event is about: a row each person it names
CREATE TABLE event_people (
  user_id TEXT NOT NULL,
  event_seq INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
  -- '' where the event has none for them
  name TEXT NOT NULL,
  PRIMARY KEY (user_id, event_seq)
) WITHOUT ROWID;
CREATE INDEX people_by_event ON event_people (event_seq);
CREATE INDEX people_by_name ON event_people (name, user_id) WHERE name <> '';
`,
  indexPeople,
  `
-- queues that rules deliver to and others read from
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  queue TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  enqueued_at INTEGER NOT NULL,
  visible_at INTEGER NOT NULL,
  first_dequeued_at INTEGER NOT NULL DEFAULT 0,
  dequeues INTEGER NOT NULL DEFAULT 0,
  receipt TEXT NOT NULL DEFAULT ''
);
CREATE INDEX messages_in_order ON messages (queue, seq);
CREATE INDEX messages_by_receipt ON messages (queue, receipt) WHERE receipt <> '';
CREATE INDEX messages_by_time ON messages (enqueued_at);
`,
  `
-- a dead letter is a message of its queue as well: of any other message these are empty
ALTER TABLE messages ADD COLUMN arn TEXT;
ALTER TABLE messages ADD COLUMN event_seq INTEGER;
-- which it could not be delivered to, and why
ALTER TABLE messages ADD COLUMN rule TEXT;
ALTER TABLE messages ADD COLUMN target TEXT;
ALTER TABLE messages ADD COLUMN error TEXT;
-- the event as which it was published again
ALTER TABLE messages ADD COLUMN again_seq INTEGER;
CREATE INDEX letters_by_event ON messages (event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX letters_in_order ON messages (seq) WHERE event_seq IS NOT NULL;
CREATE INDEX letters_again ON messages (again_seq) WHERE again_seq IS NOT NULL;
`,
  mergeDeadLetters,
  `
-- what events of a period are asked by, and their order: they are found and counted without a look at their texts
CREATE INDEX events_of_period ON events (bus, received_at, seq, source, type);
DROP INDEX deliveries_by_event;
CREATE INDEX deliveries_by_event ON deliveries (event_seq, rule);
`,
] as const
