import { failureOf, readPutEventsAnswer } from '../../../shared/eventbridge/putEventsAnswer'

const entry = { EventId: 'e' }

describe('an answer is read as loosely as it may be written', () => {
  test.each<[string, object]>([
    ['a code of null', { FailedEntryCount: 0, EntryList: [{ ...entry, ErrorCode: null }] }],
    ['an empty code', { FailedEntryCount: 0, EntryList: [{ ...entry, ErrorCode: ' ' }] }],
    ['the code Success', { FailedEntryCount: 0, EntryList: [{ ...entry, ErrorCode: 'SUCCESS' }] }],
    ['a count as text', { FailedEntryCount: '0', EntryList: [entry] }],
    ['a count in blanks', { FailedEntryCount: ' 0 ', EntryList: [entry] }],
    ['no count', { EntryList: [entry] }],
    ['a count of null', { FailedEntryCount: null, EntryList: [entry] }],
    ['no list, where nothing failed', { FailedEntryCount: 0 }],
    ['a list of null, where nothing failed', { FailedEntryCount: '0', EntryList: null }],
  ])('taken: %s', (_, fields) => {
    const answer = readPutEventsAnswer({ RequestId: 'R', ...fields }, 1)
    expect(answer).toMatchObject({ RequestId: 'R', FailedEntryCount: 0 })
    expect(answer?.EntryList.map(failureOf)).toEqual([undefined])
  })

  test.each<[string, object, string]>([
    ['a code', { FailedEntryCount: 1, EntryList: [{ ErrorCode: 'EventBusNotExist' }] }, 'EventBusNotExist'],
    [
      'a code and a count of none',
      { FailedEntryCount: 0, EntryList: [{ ErrorCode: ' EventInvalid ' }] },
      'EventInvalid',
    ],
    ['a number for a code', { FailedEntryCount: '1', EntryList: [{ ErrorCode: 409 }] }, '409'],
    ['more than success', { FailedEntryCount: 0, EntryList: [{ ErrorCode: 'SuccessInPart' }] }, 'SuccessInPart'],
    ['no success', { FailedEntryCount: 0, EntryList: [{ ErrorCode: 'NoSuccess' }] }, 'NoSuccess'],
    ['null for an entry', { FailedEntryCount: 0, EntryList: [null] }, 'NotAccepted'],
    ['text for an entry', { FailedEntryCount: 0, EntryList: ['e'] }, 'NotAccepted'],
  ])('an event not taken: %s', (_, fields, code) => {
    expect(readPutEventsAnswer({ ...fields }, 1)?.EntryList.map(failureOf)).toEqual([code])
  })

  test.each<[string, object, string]>([
    ['as many entries as there were events, where it has no list', { RequestId: 'R', FailedEntryCount: 0 }, 'R'],
    ['no text for a RequestId', { RequestId: 7, FailedEntryCount: '00', EntryList: [{}, {}] }, ''],
  ])('%s', (_, fields, RequestId) => {
    expect(readPutEventsAnswer({ ...fields }, 2)).toEqual({ RequestId, FailedEntryCount: 0, EntryList: [{}, {}] })
  })
})

test.each<[string, object]>([
  ['a failure without a list', { FailedEntryCount: 1 }],
  ['ten failures as text, without a list', { FailedEntryCount: '10' }],
  ['a count that is no number', { FailedEntryCount: 'none', EntryList: [entry] }],
  ['a count that begins as one', { FailedEntryCount: '0 of 1', EntryList: [entry] }],
  ['a count that ends as one', { FailedEntryCount: 'n 0', EntryList: [entry] }],
  ['a count that is an object', { FailedEntryCount: {}, EntryList: [entry] }],
  ['a list that is none', { FailedEntryCount: 0, EntryList: 'e' }],
  ['neither', { RequestId: 'R' }],
])('no answer: %s', (_, fields) => {
  expect(readPutEventsAnswer({ ...fields }, 1)).toBeUndefined()
})
