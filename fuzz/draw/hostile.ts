import fc from 'fast-check'

/** What is nobody's business, and in no log line or answer; no id that is told could be it, because of the `~`. */
export const PERSONAL = 'cAnArY~pErSoNaL'

/** Texts that are harmless unless somebody takes them for more than text. */
const TEXTS = [
  PERSONAL,
  `\r\nX-Injected: ${PERSONAL}`,
  `\n{"level":"info","outcome":"published","forged":"${PERSONAL}"}`,
  '\u0000',
  `a\u0000b${PERSONAL}`,
  '\u2028\u2029\u0085',
  '\u001b[2J\u001b]0;title\u0007',
  "'; DROP TABLE user_info; -- ",
  "' OR '1'='1",
  '\\',
  "\\'",
  '`user_info`',
  '?, ?, :id, @@version',
  "/*! SELECT SLEEP(5) */ UNION SELECT '1",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template of mapping.yaml would fill in
  '${$.data.body.userId}${.name}${DINGTALK_CORP_ID}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the same of a rule's
  '${env.MYSQL_PASSWORD}${jndi:ldap://127.0.0.1/a}{{7*7}}<%= 7 %>',
  '$.data..*',
  '$[?(@.length>0)]',
  "$['__proto__']",
  '[click](http://127.0.0.1/?a=b) ![](http://127.0.0.1/x.png)',
  '# title\n> quote\n**bold** @all <@all> `code`',
  '<script>alert(1)</script>&amp;"',
  '%0d%0aSet-Cookie:%20a=b%00',
  '../../../../etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'null',
  'undefined',
  'NaN',
  '-0',
  '9'.repeat(5_000),
  'ａ１＇；——',
  '𠮷'.repeat(129),
  'é'.normalize('NFD').repeat(200),
  '\ufeff',
  ' ',
  '',
  'x'.repeat(4_097),
  'Infinity',
  '1e309',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-00-00',
  '{1:176292748870660512',
  '{"a":',
]

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...TEXTS), fc.constantFrom(...TEXTS)).map(([a, b]) => a + b) },
)

/** As deep as that: at the bounds of those who count, and where a parser that calls itself ends. */
const levels = fc.constantFrom(1, 30, 62, 63, 64, 65, 66, 100, 499, 500, 501, 5_000, 20_000)

/** Texts of JSON, or nearly. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '1e400',
      '-1e400',
      '1E+9999',
      '0.1e-999',
      '-0',
      '-0.0',
      '9007199254740993',
      '18446744073709551616',
      '9'.repeat(5_000),
      `0.${'1'.repeat(5_000)}`,
      '1.7976931348623159e308',
      '176292748870660512',
      '-1',
      '4294967296',
      '253402300800000',
      '"\\ud800"',
      '"\\udfffa\\ud83d"',
      '"\\ud83d\\ude00"',
      '"\\u0000"',
      'null',
      'true',
      '{}',
      '[]',
      '[[]]',
      '[null]',
      '{"":""}',
      '{"__proto__":{"isAdmin":true,"userId":"p"}}',
      '{"constructor":{"prototype":{"isAdmin":true}}}',
      '{"toString":null,"valueOf":1,"toJSON":2,"then":3,"length":-1}',
      '{"isLosslessNumber":true,"value":"x"}',
      'NaN',
      'undefined',
      "'a'",
      '01',
      '"\t"',
      '"\\x"',
      '',
      `[${'0,'.repeat(3_000)}0]`,
      `{${Array.from({ length: 1_000 }, (_, n) => `"k${n}":${n}`).join()}}`,
      JSON.stringify('x'.repeat(70_000)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(levels, fc.boolean())
      .map(([deep, isList]) =>
        isList ? `${'['.repeat(deep)}${']'.repeat(deep)}` : `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
      ),
  },
  // as the text of a text
  { weight: 1, arbitrary: levels.map((deep) => JSON.stringify(`${'['.repeat(deep)}${']'.repeat(deep)}`)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
)

/** Names of fields that mean something to somebody. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'then', 'length', 'maintenance', 'encrypt'],
    ...['EventType', 'syncAction', 'userId', 'UserId', 'eventId', 'bizData', 'biz_data', 'data', 'body', 'headers'],
    ...['CorpId', 'corp_id', 'id', 'time', 'type', 'source', 'specversion', 'onlytable', 'traceparent', 'mobile'],
    ...['errcode', 'diffInfo', 'name', 'ids', 'upTo', 'after', 'Random', 'value', 'isLosslessNumber'],
  ),
  hostileText,
)
