/** What the server says in English, as patterns, and in Chinese; what is in round brackets of a pattern is $1, $2. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  // why a rule did not match
  [/^the rule is disabled$/, '规则已禁用'],
  [/^data is absent, and the pattern asks for fields in it$/, '事件没有 data，而事件模式要匹配其中的字段'],
  [/^(\S+) is absent and cannot match (.*)$/s, '事件没有 $1，无法匹配 $2'],
  [/^(\S+) does not match (.*)$/s, '$1 不匹配 $2'],
  [/^no element of (\S+) matches (.*)$/s, '$1 中没有元素匹配 $2'],
  [/^(\S+) is or holds an object or a list, which never matches (.*)$/s, '$1 是或包含对象、数组，无法匹配 $2'],
  [/^the pattern is refused: (.*)$/s, '事件模式无效：$1'],

  // why a delivery failed
  [/^(.*); its dead-letter bus: (.*)$/s, '$1；死信总线：$2'],
  [/^the rule has no such target any more$/, '该规则已没有这个事件目标'],
  [/^the target is refused: (.*)$/s, '事件目标无效：$1'],
  [/^no answer within (\d+) s$/, '$1 秒内没有响应'],
  [/^cut off, as the emulator stops$/, '内嵌 EventBridge 停止运行，投递中断'],
  [
    /^no answer: its host is not this machine, nor one of the hosts that events may be sent to$/,
    '没有响应：目标主机不是本机，也不在允许的主机列表中',
  ],
  [/^no answer: (\S+)$/, '没有响应：$1'],
  [/^no address is given for the function (\S+)$/, '未指定函数 $1 的地址'],
  [/^there is no such function in s\.yaml$/, 's.yaml 中没有这个函数'],
  [/^the answer has no errcode$/, '响应中没有 errcode'],
  [/^the event was on the bus (\S+) already and would go round in circles$/, '事件已经过总线 $1，再次发布会形成循环'],
  [/^fault on demand: the target was not reached$/, '注入的故障：未到达事件目标'],
  [/^fault on demand: the target's answer was lost$/, '注入的故障：事件目标的响应丢失'],
  [/^unexpected (\w+)$/, '意外错误 $1'],

  // why a command or a query was refused
  [/^The trace page's server does not answer\.$/, '事件轨迹服务没有响应。'],
  [/^There is no such event, or it was purged\.$/, '该事件不存在，或已被清理。'],
  [/^The trace page has no such (?:address|command)\.$/, '事件轨迹页面不支持该操作。'],
  [/^There is no such rule any more\.$/, '该规则已不存在。'],
  [/^At most (\d+) events are replayed at once\. Narrow the filter\.$/, '一次最多重放 $1 个事件，请缩小筛选范围。'],
  [/^Commands are taken from the trace page only\.$/, '只接受事件轨迹页面发出的操作。'],
  [/^The command broke off\.$/, '操作中断。'],
  [/^A command has (\d+) bytes at most\.$/, '一次操作最多 $1 字节。'],
  [/^The body must be JSON\.$/, '请求体必须是 JSON。'],
  [/^The database did not answer \((\S+)\)\.$/, '数据库没有响应（$1）。'],
  [/^The webhook did not answer \((\S+)\)\.$/, 'Webhook 没有响应（$1）。'],
  [/^\w+: must have at most (\d+) characters$/, '最多 $1 个字符'],
  [/^userId: must be 1 to 64 letters, digits or _ \. @ -$/, '用户 ID：1 到 64 个字母、数字或 _ . @ -'],
  [/^(\w+): must be a number from 1$/, '$1：必须是大于 0 的数字'],
  [/^last: must be 15m, 2h or 1d$/, 'last：必须是 15m、2h 或 1d'],
  [/^(state|from|to): must be (.*)$/s, '$1：必须是 $2'],

  // why the webhook refused what was sent to it
  [/^The token or the signature is missing or wrong\.$/, 'token 或签名缺失或有误。'],
  [/^The request is not allowed\.$/, '请求未被允许。'],
  [/^EventBridge refused the event as invalid\.$/, 'EventBridge 判定事件无效。'],

  // why a loopback DingTalk does not change
  [/^There is no such person\.$/, '没有这个员工。'],
  [/^There is no such department\.$/, '没有这个部门。'],
  [/^Somebody has this userid\.$/, '该用户 ID 已被使用。'],
  [/^(\w+) is not as it must be\.$/, '$1 无效。'],
  [/^(\w+) is missing\.$/, '缺少 $1。'],

  // why the employees function could not store an event
  [/^replayed (\S+): (.*)$/s, '$1 重放：$2'],
  [/^the event names no (\S+) that can be read$/, '事件中没有有效的 $1'],
  [/^the event names a (\S+) that cannot be read$/, '事件中有无效的 $1'],
  [/^the value for (\S+) cannot be read as (\w+)$/, '$1 的值无法解析为 $2'],
  [/^(\S+) is no whole number$/, '$1 不是整数'],
  [/^(\S+) is longer than (\d+) characters$/, '$1 超过 $2 个字符'],
  [/^(\S+) holds other characters than ASCII$/, '$1 包含 ASCII 以外的字符'],
  [/^the table refuses a value \((?:MySQL )?error (\w+), by (.*)\)$/s, '表拒绝写入某个值（错误 $1，约束 $2）'],
  [/^the table refuses a value \((?:MySQL )?error (\w+)\)$/, '表拒绝写入某个值（错误 $1）'],
  [/^nested deeper than (\d+) levels$/, '嵌套超过 $1 层'],
  [/^not JSON$/, '不是 JSON'],
  [/^not a CloudEvent: it has no id or no source$/, '不是 CloudEvent：缺少 id 或 source'],
]

/**
 * What the server says, in Chinese. Codes, names and patterns stay as they are, and so does what is not known here: the
 * server's words are also in its answers and logs, and better read in English than not at all.
 */
export function serverWordsInChinese(text: string): string {
  for (const [pattern, chinese] of WORDS) {
    const match = pattern.exec(text)
    // a reason may hold another one
    if (match) return chinese.replace(/\$(\d)/g, (_, at) => serverWordsInChinese(match[Number(at)] ?? ''))
  }
  const parts = text.split('; ')
  return parts.length > 1 ? parts.map(serverWordsInChinese).join('；') : text
}
