/** What is called the same in both languages. */
const NAMES = [
  ...['npm start', 'webhook', 'employees', 'enrich', 'reconcile', 'eventbridge-local', 'MB', 'KB', '× zod + mysql2'],
  ...['express # + mysql2', 'express + @alicloud/eventbridge', 'zod + mysql2', 'typeorm', 'jsonpath-plus'],
  ...['mysql2 execute', 'typeorm upsert', '÷ express'],
]

/** What the topics say, `#` for each number; the numbers come in the same order. */
const WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(NAMES.map((name) => [name, name])),
  ms: '毫秒',
  'events/s': '事件/秒',
  'rows/s': '行/秒',
  calls: '次调用',

  'The chain': '整条链路',
  "# events from # connections, each another person's, from the first POST to the last committed row. The last row is the floor: through the same threads, HTTP and files, each of them taking one event at a time, but nothing is checked, signed, matched, mapped, logged or traced.":
    '# 个事件，# 个并发连接，每个事件对应不同的员工；从第一个 POST 计时，到最后一行提交为止。最后一行是理论下限：经过同样的线程、HTTP 和落盘，每个实例一次处理一个事件，但不做任何校验、签名、匹配、映射，也不写日志和轨迹。',
  'the same way, with nothing done on it': '同样的路径，不做任何处理',
  'CPU ms/event': 'CPU 毫秒/事件',
  'p50 ms of the answer': '响应 p50（毫秒）',
  'p99 ms': 'p99（毫秒）',
  'peak MB': '内存峰值（MB）',
  'npm start, arrays (ObjectList)': 'npm start，批量投递（ObjectList）',
  'npm start ÷ express + mysql2': 'npm start ÷ express + mysql2',
  'with arrays ÷ express + mysql2': '批量投递 ÷ express + mysql2',
  'memory of npm start': 'npm start 的内存',

  'Cold start of the webhook': 'webhook 的冷启动',
  'From the start of the process to the answer to the first signed request, EventBridge on loopback; # starts each. The peer is bundled, too, and looks at a token where ours checks a signature.':
    '从进程启动到响应第一个带签名的请求，EventBridge 在本机；各启动 # 次。对比程序同样经过打包，仅比较 token，webhook 则校验签名。',
  'CPU ms': 'CPU 毫秒',
  'over node': '超出 node',
  '× peer': '× 对比程序',
  'RSS MB': 'RSS（MB）',
  'bare node': '空 node 进程',
  'webhook, CPU over bare node': 'webhook 超出空 node 进程的 CPU',
  "webhook, of the peer's CPU over bare node": 'webhook 与对比程序超出空 node 进程的 CPU 之比',

  'Cold start of employees': 'employees 的冷启动',
  'From the start of the process to the first event stored; # starts each. The peers are loaded as packages, and keep no versions.':
    '从进程启动到写入第一个事件；各启动 # 次。对比程序直接加载 npm 包，不保存版本信息。',
  'employees, CPU over bare node': 'employees 超出空 node 进程的 CPU',
  "employees, of zod + mysql2's CPU over bare node": 'employees 与 zod + mysql2 超出空 node 进程的 CPU 之比',

  'Bundle size': '部署包大小',
  'Of index.js, as it is deployed.': '部署到云上的 index.js。',
  function: '函数',
  'bundle of employees': 'employees 的部署包',
  'bundle of webhook': 'webhook 的部署包',

  'Memory of a function': '函数的内存',
  'RSS over # requests one at a time, by its process without flags, whose heap V8 lets grow with the garbage: medians of its quarters. Kept is what a full collection finds more of after a tenth as many again, the median of five.':
    '逐个处理 # 个请求期间的 RSS，进程不带任何启动参数，V8 会让堆随垃圾增长；各列为每四分之一的中位数。「残留」指再处理十分之一数量的请求后，完整 GC 之后仍多出的部分，取五次的中位数。',
  requests: '请求数',
  'most MB': '最大值（MB）',
  'MB, quarter #': '第 # 个四分之一（MB）',
  'bytes kept a request': '每个请求残留（字节）',
  bytes: '字节',
  'webhook, the most of these': 'webhook 的最大值',
  'webhook, exponent of RSS by requests': 'webhook 的 RSS 随请求数增长的指数',
  'webhook, kept of each request': 'webhook 每个请求的残留',
  'employees, the most of these': 'employees 的最大值',
  'employees, exponent of RSS by requests': 'employees 的 RSS 随请求数增长的指数',
  'employees, kept of each request': 'employees 每个请求的残留',
  'enrich, the most of these': 'enrich 的最大值',
  'enrich, exponent of RSS by requests': 'enrich 的 RSS 随请求数增长的指数',
  'enrich, kept of each request': 'enrich 每个请求的残留',

  'Webhook by the request': 'webhook 单个请求的开销',
  '# requests a round, one at a time, each published on a loopback EventBridge before it is answered. Ours is called with the HTTP trigger’s event, as Function Compute does, and logs a line; the others receive HTTP.':
    '每轮 # 个请求，逐个处理，均在事件发布到本机的 EventBridge 之后才响应。webhook 与在函数计算中一样以 HTTP 触发器的事件调用，并写一行日志；对比程序直接接收 HTTP 请求。',
  'CPU ms a request': 'CPU 毫秒/请求',
  'p50 ms': 'p50（毫秒）',
  'CPU ÷ express': 'CPU ÷ express',
  'webhook, token': 'webhook，token',
  'webhook, API secret': 'webhook，API 密钥',
  'webhook, encrypted callback': 'webhook，加密回调',
  'express # + official SDK, token': 'express # + 官方 SDK，token',
  'node:http, which asks nothing': 'node:http，不做任何校验',
  'CPU of webhook, token ÷ express': 'webhook（token）÷ express 的 CPU',
  'CPU of webhook, API secret ÷ express': 'webhook（API 密钥）÷ express 的 CPU',
  'CPU of webhook, encrypted callback ÷ express': 'webhook（加密回调）÷ express 的 CPU',

  'Reading the organisation': '读取组织',
  'At # calls a second to a path, the most that can be set, against the loopback DingTalk without limits of its own. The fewest calls count each department four times, for everybody and for the ids, which are listed twice so that nobody who moves meanwhile is taken for a leaver; the fewest seconds are these calls ÷ the limit, and less where they are few: the first of them wait for none.':
    '每个接口每秒 # 次调用（可设置的最大值），对象为不限流的本地钉钉。最少调用次数按每个部门查询四次计算，分别用于人员详情和人员 ID；ID 读取两遍，以免期间调动部门的人被误判为离职。最少秒数为该次数 ÷ 限额；次数很少时可以更短，因为最初的调用无需等待。',
  'calls ÷ fewest': '调用次数 ÷ 最少次数',
  'the fewest that there can be': '理论最少次数',
  'people/s': '人/秒',
  'seconds ÷ fewest': '秒数 ÷ 最少秒数',
  'CPU ms a person': 'CPU 毫秒/人',
  'reconcile, # people': 'reconcile，# 人',
  'enrich, # people': 'enrich，# 人',
  'calls of reconcile, # people ÷ fewest': 'reconcile（# 人）的调用次数 ÷ 最少次数',
  'calls of enrich, # people ÷ fewest': 'enrich（# 人）的调用次数 ÷ 最少次数',
  'memory of the largest walk ÷ one of a tenth': '最大规模全量同步的内存 ÷ 十分之一规模的内存',
  'seconds of a walk grow with people, exponent': '全量同步的秒数随人数增长的指数',
  'CPU of a walk grows with people, exponent': '全量同步的 CPU 随人数增长的指数',
  'memory of a walk grows with people, exponent': '全量同步的内存随人数增长的指数',

  'Event patterns': '事件模式',
  'Events a CPU second against the rules of one bus, events parsed. Mixed rules have every operator and up to five fields, exact ones a source and a type. The emulator also says why each other rule does not match.':
    '每秒 CPU 时间可与一条总线的全部规则匹配的事件数，事件已解析。混合规则涵盖所有运算符，最多五个字段；精确规则仅含 source 和 type。内嵌 EventBridge 还给出其余每条规则不匹配的原因。',
  rules: '规则数',
  emulator: '内嵌 EventBridge',
  'naive matcher': '朴素匹配器',
  ratio: '比值',
  '# mixed': '# 条混合',
  '# exact': '# 条精确',
  'events a CPU second, one mixed rule': '一条混合规则，每秒 CPU 时间匹配的事件数',
  'beside the naive matcher, # mixed rules': '与朴素匹配器相比，# 条混合规则',

  'Mapping of ten fields': '十个字段的映射',
  'Events a CPU second, parsed. Ours also finds fields in two places, in the other case of their first letter, and within JSON as text.':
    '每秒 CPU 时间映射的事件数，事件已解析。本项目还会在两个位置查找字段，兼容首字母大小写，并解析以文本形式嵌套的 JSON。',
  by: '实现',
  mapping: '本项目',
  'beside jsonpath-plus': '与 jsonpath-plus 相比',

  'The emulator alone': '单独运行内嵌 EventBridge',
  'PutEvents by # connections, each event on disk before the answer; # rules, none of which takes them. The bare server checks and matches nothing.':
    '# 个并发连接调用 PutEvents，事件落盘后才响应；# 条规则，均不匹配。对比程序不做校验和匹配。',
  '# a request: events/s': '每个请求 # 个：事件/秒',
  'bare node:http + SQLite': '仅 node:http + SQLite',
  'ready ms': '就绪（毫秒）',
  'idle MB': '空闲内存（MB）',
  'events/s ÷ bare server, one a request': '事件/秒 ÷ 对比程序，每个请求一个事件',
  'events/s ÷ bare server, # a request': '事件/秒 ÷ 对比程序，每个请求 # 个事件',
  ready: '就绪耗时',
  'memory, idle': '空闲内存',

  'The emulator with more events and rules': '事件和规则增多时的内嵌 EventBridge',
  'One event a request by # connections; a page is the newest events with their counts, and the chart of all. Exponents: # does not grow, # is in step.':
    '# 个并发连接，每个请求一个事件；页面包含最新事件及计数，以及全部事件的图表。指数 # 表示不增长，# 表示同比增长。',
  'page ms': '页面（毫秒）',
  'bytes/event': '字节/事件',
  '# events stored': '已存储 # 个事件',
  '# rules': '# 条规则',
  'PutEvents by events stored, exponent': 'PutEvents 随已存储事件数增长的指数',
  'page by events stored, exponent': '页面耗时随已存储事件数增长的指数',
  'PutEvents by rules, exponent': 'PutEvents 随规则数增长的指数',
  'bytes of an event by rules, exponent': '单个事件的字节数随规则数增长的指数',

  'employees, an event and arrays': 'employees，单个事件和批量',
  'Bundled, called as Function Compute does, on one connection; the peers write the same columns, and the last to come is what stays; its statement alone, with one version a row, is what the promise of the newest costs.':
    '打包后以函数计算的方式调用，一个数据库连接。对比程序写入同样的列，以最后到达的为准；「仅执行其语句」每行只有一个版本，反映保证最新值本身的开销。',
  'events a call': '每次调用的事件数',
  'CPU ms an event': 'CPU 毫秒/事件',
  'of the server': '数据库的 CPU 毫秒',
  'p50 ms a call': '每次调用 p50（毫秒）',
  'p99 ms a call': '每次调用 p99（毫秒）',
  'its statement alone': '仅执行其语句',
  'mysql2, one statement': 'mysql2，一条语句',
  'employees, CPU an event beside mysql2 execute': 'employees 单个事件的 CPU，与 mysql2 execute 之比',
  'employees, rows/s in arrays of # beside one statement by hand': 'employees 每批 # 个事件的行/秒，与手写单条语句之比',

  'employees, growth': 'employees 随规模的增长',
  'One grows, and the others stay: # columns, one table of # rows, # events a call. The exponent is # where the time grows in step.':
    '只改变其中一项，其余不变：# 列，一张 # 行的表，每次调用 # 个事件。指数为 # 表示耗时同比增长。',
  least: '最小',
  most: '最大',
  exponent: '指数',
  'columns of a table, ms an event': '表的列数，毫秒/事件',
  'tables that take the event, ms an event': '写入同一事件的表数，毫秒/事件',
  'rows in the table, ms an event': '表中的行数，毫秒/事件',
  'events in a call, ms a call': '每次调用的事件数，毫秒/调用',
  'employees, exponent by columns of a table': 'employees 随列数增长的指数',
  'employees, exponent by tables that take the event': 'employees 随表数增长的指数',
  'employees, exponent by rows in the table': 'employees 随行数增长的指数',
  'employees, exponent by events in a call': 'employees 随每次调用的事件数增长的指数',
}

const NUMBER = /(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)/g

/** What a topic says, with `#` for each number: the same in a small run. */
export function phraseOf(text: string): string {
  return text.replaceAll(NUMBER, '#')
}

/** @throws Error where it has no words for it: a document is not half in English */
export function inChinese(text: string): string {
  if (!/\p{L}/u.test(text)) return text
  const words = WORDS[phraseOf(text)]
  if (words === undefined) throw new Error(`bench/draw/chinese.ts has no words for: ${phraseOf(text)}`)
  const numbers = text.match(NUMBER) ?? []
  return words.replaceAll('#', () => numbers.shift() ?? '#')
}
