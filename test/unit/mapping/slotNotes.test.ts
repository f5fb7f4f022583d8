import {
  commentIn,
  markOf,
  NOBODY,
  noteOf,
  ownersIn,
  slotsIn,
  slotsNote,
  withNewName,
  withNote,
  wordsOf,
} from '../../../shared/mapping/tables'

test.each<[number[], string]>([
  [[0], 'slots 0 = abc'],
  [[0, 1, 2], 'slots 0-2 = abcabcabc'],
  [[23, 2, 0, 1], 'slots 0-2,23 = abcabcabcabc'],
  [[5, 7, 8, 127], 'slots 5,7-8,127 = abcabcabcabc'],
])('%j is noted as %s, and read again', (slots, note) => {
  const owners = new Map(slots.map((slot) => [slot, 'abc']))
  expect(slotsNote(owners)).toBe(note)
  expect(ownersIn(note)).toEqual(owners)
  expect(slotsIn(note)).toEqual(slots.toSorted((x, y) => x - y))
})

test("a slot that is nobody's is noted, too", () => {
  const owners = new Map([
    [0, 'abc'],
    [1, NOBODY],
  ])
  expect(ownersIn(noteOf(slotsNote(owners)))).toEqual(owners)
})

test('a column is known by its mark, whatever the case of its name, and a full list is a comment that a server takes', () => {
  expect(markOf('jobNumber')).toBe(markOf('JOBNUMBER'))
  const names = Array.from({ length: 128 }, (_, index) => `column${index}`)
  expect(new Set(names.map(markOf)).size).toBeGreaterThan(125)
  const odd = names.map((name, index): [number, string] => [index * 2, markOf(name)])
  expect(ownersIn(slotsNote(new Map(odd)))).toEqual(new Map(odd))
  expect(slotsNote(new Map(odd)).length).toBeLessThan(1_024)
})

test.each<[string, string | undefined, string]>([
  ['', undefined, ''],
  ['slot 3', 'slot 3', ''],
  ['of the badge (slot 3)', 'slot 3', 'of the badge'],
  ['of the badge', undefined, 'of the badge'],
  ['the slot 3', undefined, 'the slot 3'],
  ['slot 3 is ours', undefined, 'slot 3 is ours'],
  ['时间 (slots 0-1,23 = abcdef0a1)', 'slots 0-1,23 = abcdef0a1', '时间'],
  ['slots 0-1,23 = abcdef0a1', 'slots 0-1,23 = abcdef0a1', ''],
])('the comment "%s" has the note %s and the words "%s"', (comment, note, words) => {
  expect(noteOf(comment)).toBe(note)
  expect(wordsOf(comment)).toBe(words)
})

test.each([
  ['VARCHAR(9) NULL', "VARCHAR(9) NULL COMMENT 'slot 3'"],
  ["INT COMMENT ''", "INT COMMENT 'slot 3'"],
  ["INT COMMENT 'it''s \\'ours\\' \\\\'", "INT COMMENT 'it''s \\'ours\\' \\\\ (slot 3)'"],
  ['INT comment "a (b)" NULL', 'INT COMMENT "a (b) (slot 3)" NULL'],
  ["INT COMMENT 'slot 2' NULL", "INT COMMENT 'slot 3' NULL"],
  ["INT COMMENT 'badge (slot 2)'", "INT COMMENT 'badge (slot 3)'"],
  ["ENUM('a','COMMENT ''b'' ') NULL", "ENUM('a','COMMENT ''b'' ') NULL COMMENT 'slot 3'"],
  ["INT DEFAULT '5' CHECK (`comment` <> 'x')", "INT DEFAULT '5' COMMENT 'slot 3' CHECK (`comment` <> 'x')"],
  ['longtext CHECK (json_valid(`CHECK`))', "longtext COMMENT 'slot 3' CHECK (json_valid(`CHECK`))"],
  ['int /*!80023 INVISIBLE */', "int /*!80023 INVISIBLE */ COMMENT 'slot 3'"],
])('%s becomes %s', (definition, noted) => {
  expect(withNote(definition, 'slot 3')).toBe(noted)
})

test.each([
  ['VARCHAR(9) NULL', ''],
  ["INT COMMENT 'it''s \\'ours\\' \\\\ \"\"'", "it's 'ours' \\ \"\""],
  ['INT comment "a ""(b)"" \'\'" NULL', 'a "(b)" \'\''],
  ["ENUM('COMMENT ''b''') COMMENT 'c (slot 3)'", 'c (slot 3)'],
])('of %s the comment is %s', (definition, comment) => {
  expect(commentIn(definition)).toBe(comment)
})

test.each([
  ['longtext CHECK (json_valid(`old`))', 'longtext CHECK (json_valid(`new`))'],
  ["INT COMMENT 'the `old` one' CHECK (`old` > `older`)", "INT COMMENT 'the `old` one' CHECK (`new` > `older`)"],
  ["ENUM('`old`') NULL", "ENUM('`old`') NULL"],
])('%s is %s under the new name', (definition, renamed) => {
  expect(withNewName(definition, 'old', 'new')).toBe(renamed)
})
