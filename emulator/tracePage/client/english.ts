import { count } from '../../../shared/page/client/count'
import type { EventState } from '../../store/traceFilter'
import type { Delivery } from '../protocol'
import { directoryInEnglish, sendInEnglish } from './dingtalkWords'
import { filterInEnglish } from './filterWords'
import { mapInEnglish } from './mapWords'
import { publishInEnglish } from './publishWords'
import { queuesInEnglish } from './queueWords'
import { robotInEnglish } from './robotWords'
import { tryInEnglish } from './tryWords'

/** What the page says. */
export const english = {
  title: 'Event trace',
  live: 'live',
  polling: 'every 2 s',
  lost: 'no answer, trying again',
  keys: 'Keys',
  organisation: 'Organisation',
  units: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd' },
  /** what the server says of an event or of a command */
  said: (text: string) => text,
  close: 'Close',
  cancel: 'Cancel',

  states: {
    pending: 'waiting',
    retrying: 'retrying',
    blocked: 'blocked',
    dead: 'failed',
    'set-aside': 'set aside',
    delivered: 'delivered',
    unmatched: 'no rule',
  } satisfies Record<EventState, string>,
  stateHints: {
    pending: 'accepted, not yet delivered',
    retrying: 'an attempt failed, and another will be made',
    blocked: 'its target takes nothing until it is unblocked',
    dead: 'given up: dead-lettered or dropped',
    'set-aside': 'its function took it and could not use it: a dead letter of the function',
    delivered: 'delivered to every target',
    unmatched: 'no rule wanted it',
  } satisfies Record<EventState, string>,
  all: 'all',

  filter: filterInEnglish,

  list: {
    received: 'received',
    state: 'state',
    event: 'event',
    about: 'about',
    more: (n: number) => `and ${n} more`,
    outcome: 'what became of it',
    select: (id: string) => `Select ${id}`,
    selectAll: 'Select all on this page',
    none: 'No event matches this filter.',
    newest: '← Newest',
    older: 'Older →',
  },
  empty: {
    title: 'No events yet',
    send: 'Send a test employee, here or in a terminal:',
    post: 'or post an event to',
    publish: 'Publish one with the SDK, or post one to',
  },
  outcome: {
    delivering: (target: string) => `being delivered to ${target}`,
    again: (target: string, at: string) => `${target}: again at ${at}`,
    blocked: (target: string) => `${target} is blocked`,
    'set-aside': (target: string) => `${target} set it aside`,
    'dead-lettered': (target: string) => `${target}: in the dead-letter queue`,
    dropped: (target: string) => `${target}: dropped`,
    attempts: (n: number) => (n === 1 ? '1 attempt' : `${n} attempts`),
    noRule: 'the bus has no rule',
    /** what is in a function's summary */
    answer: (name: string, value: string) =>
      `${{ deadLettered: 'set aside', badValues: 'left out:' }[name] ?? name} ${value}`,
    separator: ', ',
  },

  detail: {
    id: 'Event id',
    bus: 'Bus',
    source: 'Source',
    type: 'Type',
    traceId: 'Trace id',
    about: 'About',
    ofPerson: 'all about them',
    received: 'Received',
    copy: 'Copy',
    copied: 'Copied',
    sameId: 'all with this id',
    matched: (target: string) => `matches, goes to ${target}`,
    attempt: 'Attempt',
    at: 'at',
    took: 'took',
    result: 'result',
    earlier: (n: number) => `${n} earlier attempts`,
    deliveries: {
      pending: 'waits to be delivered',
      delivered: 'delivered',
      'set-aside': 'taken and set aside: the function could not use it',
      blocked: 'blocked: its retries are used up, and the target takes nothing until it is unblocked',
      'dead-lettered': 'given up; the raw event is in the dead-letter queue',
      dropped: 'given up and dropped: the target has no dead-letter queue',
    } satisfies Record<Delivery['state'], string>,
    againAt: (at: string) => `waits until ${at} for the next attempt`,
    unblock: 'Unblock',
    event: 'Event',
    row: 'Row',
    masked: 'Personal data is masked.',
    reveal: 'Show personal data',
    hide: 'Mask personal data',
    nobody: 'This event names no employee.',
    noRow: (table: string) => `${table} has no row about whom the event names.`,
    neverStored: (why: string) => `The function could not store it: ${why}`,
    onceMended: 'Once that is mended, this stores it and takes it out of dead_letters:',
    column: 'column',
    value: 'value',
    set: 'as of',
    byThis: 'by this event',
    legend: 'set by this event',
    overtaken: 'Later events have set everything that this one said.',
  },

  replay: {
    button: 'Replay',
    selected: (n: number) => `Replay selected (${count(n)})`,
    all: (n: number) => `Replay all ${count(n)} …`,
    title: (n: number) => (n === 1 ? 'Replay 1 event?' : `Replay ${count(n)} events?`),
    what: 'They are published again unchanged: same id, same time. Rules are matched anew. An older event never overwrites what a newer one has set.',
    confirm: (n: number) => (n === 1 ? 'Replay it' : `Replay ${count(n)}`),
    done: (n: number) => (n === 1 ? '1 event was replayed.' : `${count(n)} events were replayed.`),
  },

  rules: {
    title: 'Rules',
    attention: (paused: number, blocked: number) =>
      [paused > 0 ? `${paused} paused` : '', blocked > 0 ? `${blocked} blocked` : ''].filter(Boolean).join(', '),
    none: 'There is no rule.',
    enabled: 'enabled',
    paused: 'paused',
    pause: 'Pause',
    resume: 'Resume',
    unblock: 'Unblock',
    blocked: 'blocked',
    pattern: 'Pattern',
    targets: 'Targets: ',
    meanwhile:
      'As in EventBridge, a paused rule (disableRule) matches nothing: events that arrive meanwhile are not kept for it, and resuming does not deliver them. Deliveries of earlier events wait until it is resumed. To make up for it, replay those events afterwards.',
    unblocking: 'Unblocking makes the waiting events due again, as if for the first time.',
  },

  send: sendInEnglish,
  publish: publishInEnglish,
  try: tryInEnglish,
  queues: queuesInEnglish,

  map: mapInEnglish,
  robot: robotInEnglish,

  directory: directoryInEnglish,

  chart: {
    label: 'Events and latency over time',
    events: (n: number) => (n === 1 ? '1 event' : `${count(n)} events`),
    latency: 'latency',
    colon: ': ',
    medianIs: (median: string) => `median ${median}`,
    p95Is: (p95: string) => `P95 ${p95}`,
    nothing: 'nothing happened',
    table: 'As a table',
    hint: 'Choose a bar to see its events only',
    time: 'time',
    count: 'events',
    median: 'median',
    p95: 'P95',
  },

  help: {
    title: 'Keys',
    keys: [
      ['j, ↓ / k, ↑', 'next, previous event'],
      ['Enter', 'open the event'],
      ['Esc', 'close'],
      ['/', 'filter by id'],
      ['x', 'select the event'],
      ['r', 'replay the selected or open event'],
      ['p', 'show or mask personal data'],
      ['s', 'send a test employee, or an event'],
      ['e', 'send an event'],
      ['m', 'try an event'],
      ['t', 'try a pattern or a transform'],
      ['q', 'queues'],
      ['d', 'change the loopback DingTalk'],
      ['b', 'what the robot said'],
      ['g', 'newest events'],
      ['?', 'this help'],
    ],
  },
}

export type Texts = typeof english
