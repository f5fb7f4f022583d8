import {
  filterOf,
  hrefOf,
  isFiltered,
  readView,
  type View,
  withFilter,
} from '../../../../emulator/tracePage/client/view'

test.each<[string, View]>([
  ['/', {}],
  ['/?state=dead&id=abc&event=7', { event: '7', id: 'abc', state: 'dead' }],
  ['/?last=15m&action=user_add_org&before=9', { before: '9', action: 'user_add_org', last: '15m' }],
  ['/?from=2026-11-24T00%3A00%3A00Z&to=&type=a%26b', { from: '2026-11-24T00:00:00Z', type: 'a&b' }],
])('%s is a view, and the view has this address', (address, view) => {
  expect(readView(address.slice(1))).toEqual(view)
  expect(readView(hrefOf(view).slice(1))).toEqual(view)
})

test('an address is the same however a view came about, and holds nothing unknown', () => {
  expect(hrefOf({ id: 'x', state: 'dead' })).toBe(hrefOf({ state: 'dead', id: 'x' }))
  expect(hrefOf(readView('?reveal=1&name=小明&state=dead'))).toBe('/?state=dead')
})

test('the open event and the page are no part of the filter', () => {
  const view = { state: 'dead', before: '9', event: '7' }
  expect(filterOf(view)).toBe('state=dead')
  expect(filterOf(view, 'page')).toBe('state=dead&before=9')
  expect([isFiltered(view), isFiltered({ before: '9', event: '7' })]).toEqual([true, false])
})

test('another filter begins with its first page and keeps the event open', () => {
  expect(withFilter({ before: '9', event: '7', id: 'x' }, { state: 'dead' })).toEqual({
    event: '7',
    id: 'x',
    state: 'dead',
  })
})
