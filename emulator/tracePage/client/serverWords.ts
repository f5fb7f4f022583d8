import { patternWords } from './patternWords'

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
  [/^The server of this page does not answer\.$/, '本页面的服务没有响应。'],
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

  [/^There is no such dead letter any more\.$/, '该死信已不存在。'],
  [
    /^data: must be a field and what it is, .*$/s,
    '事件内容：请填写字段和值，如 data.body.userId = 4711，或填写事件模式',
  ],
  [/^data: the pattern, in line (\d+), column (\d+), (.*)$/s, '事件内容：事件模式第 $1 行第 $2 列：$3'],
  [/^data: (\S+) compares with a number$/, '事件内容：$1 只能与数字比较'],
  [/^data: must have at most (\d+) characters$/, '事件内容：最多 $1 个字符'],

  // why PutEvents refused an event
  [/^The event must be a JSON object\.$/, '事件必须是 JSON 对象。'],
  [/^The single event entry size\[(\d+)\] exceed the limit \[(\d+)\]!$/, '事件大小为 $1 字节，超过上限 $2 字节。'],
  [/^The body is over the limit of (\d+) bytes\.$/, '请求体超过上限 $1 字节。'],
  [/^The event bus \[(.*)\] not existed!$/s, '事件总线 $1 不存在。'],
  [/^The event bus is empty\.$/, '未指定事件总线（aliyuneventbusname）。'],
  [/^The event id is empty\.$/, '事件 ID 为空。'],
  [/^The event specversion is invalid, .*$/, 'specversion 无效，必须是 1.0 或 0.3。'],
  [/^The event id is invalid, .*$/, '事件 ID 无效：1 到 128 个字母、数字或连字符，且不以连字符开头。'],
  [/^The event source is invalid, .*$/, '事件源无效：必须是 1 到 128 个字符的 URI 引用。'],
  [/^The event type is invalid, .*$/, '事件类型无效：必须是 1 到 64 个字符。'],
  [/^The event subject is invalid, .*$/, 'subject 无效：最多 512 个字符。'],
  [/^The event time is invalid, .*$/, 'time 无效：必须符合 RFC 3339，如 2026-01-31T12:00:00+08:00。'],
  [/^The event content type is invalid, .*$/, 'datacontenttype 无效：必须是媒体类型，如 application/json。'],
  [/^The event dataschema is invalid, .*$/, 'dataschema 无效：必须是 URI。'],
  [/^The event has both data and data_base64\.$/, '事件同时有 data 和 data_base64。'],
  [/^The event data_base64 is invalid, .*$/, 'data_base64 无效：必须是 Base64。'],
  [/^The extensions attribute is invalid, .*$/, '扩展属性无效：名称只能包含小写字母和数字。'],
  [/^The body may be nested (\d+) levels deep\.$/, '事件最多嵌套 $1 层。'],

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

  // what an event would do
  [
    /^mapping\.yaml is another than the one that runs, .*$/,
    'mapping.yaml 已修改，此处仍按启动时的内容计算：请重启 npm start',
  ],
  [/^an item cannot be read: (.*)$/s, '有一项无法读取：$1'],
  [/^a row of the push is set aside: .*$/, '推送中有一行被搁置：其 biz_data 无法读取'],
  [/^no row of the push is about the organisation: .*$/, '推送中没有与组织相关的行：只响应，不发布'],
  [/^it is about the app itself: .*$/, '与应用自身有关的事件：只响应，不发布'],
  [/^has no event (\S+): is (\S+) meant\?$/, '没有事件 $1，是否应为 $2？'],
  [/^has no event (\S+)$/, '没有事件 $1'],
  [/^takes (\S+) of the type (\S+) alone$/, '只接受类型为 $2 的 $1'],
  [/^has (.*), and the event has nothing at (.*)$/s, '只有事件 $1，而该事件的 $2 处没有值'],
  [/^has no event (\S+), but (.*)$/s, '没有事件 $1，只有 $2'],
  [/^its list has no items$/, '列表为空'],
  [/^the event has no list of items that can be read$/, '事件中没有可读取的列表'],
  [/^it does not say what happened: there is no text at (.*)$/s, '事件没有说明发生了什么：$1 处没有文本'],
  [/^it reports an error, and names nobody$/, '事件报告错误，且没有指明对象'],
  [/^is empty, which keeps the column .*$/, '值为空，列保持不变（empty: keep）'],
  [/^DROP_FIELDS removes (.*)$/s, 'DROP_FIELDS 移除了 $1'],
  [/^is not said: unknown \(NULL\) where (\S+) was set$/, '事件未提及：若 $1 已有值，则变为未知（NULL）'],
  [/^the event reports an error: its fields say nothing$/, '事件报告错误，其字段无效'],
  [/^only other events set it$/, '只由其他事件设置'],
  [/^nothing at (.*)$/s, '$1 处没有值'],
  [
    /^(.*) cannot be read as (\w+), or does not fit (.*): the column stays as it is \(bad: keep\)$/s,
    '$1 无法解析为 $2，或不符合 $3：列保持不变（bad: keep）',
  ],
  [
    /^(.*) cannot be read as (\w+), or does not fit (.*): the column is cleared \(bad: clear\)$/s,
    '$1 无法解析为 $2，或不符合 $3：列被清空（bad: clear）',
  ],
  [/^the event says otherwise than what had ended it$/, '事件内容表明并未终止'],

  // why a text is no event
  [/^holds no event: .*$/, '没有事件：请粘贴 JSON 格式的钉钉推送内容或 CloudEvent'],
  [/^holds no event$/, '没有事件'],
  [/^is no event: a CloudEvent .*$/, '不是事件：CloudEvent 是一个 JSON 对象'],
  [/^is no event: .*$/, '不是事件：事件是一个对象或对象列表'],
  [/^is an encrypted callback: .*$/, '是加密回调：请在 .env.local 中设置该应用的 DINGTALK_AES_KEY，或粘贴解密后的事件'],
  [/^is an encrypted callback that .*$/, '是加密回调，但 DINGTALK_AES_KEY 无法解密：属于其他应用，或内容不完整'],
  [/^is refused by the webhook: (.*)$/s, 'Webhook 拒绝接收：$1'],
  [/^has the (?:fullwidth|typographic) (\S+), where (\S+) is meant$/, '有全角或中文标点 $1，应为 $2'],
  [/^has a fullwidth space, .*$/, '有全角空格，应为半角空格'],
  [/^has a single quote, .*$/, '有单引号，JSON 使用双引号'],
  [/^has a comment, .*$/, '有注释，JSON 不支持注释'],
  [/^is no JSON: (.*)$/s, '不是 JSON：$1'],
  [/^a ([}\]]) is missing$/, '缺少 $1'],
  [/^a name in double quotes is missing, .*$/, '缺少双引号括起的名称，或前面多了一个逗号'],
  [/^a comma is missing$/, '缺少逗号'],
  [/^a colon is missing$/, '缺少冒号'],
  [/^an item is missing, .*$/, '缺少一项，或前面多了一个逗号'],
  [/^a value is missing, .*$/, '缺少值，或值不是 JSON'],
  [/^a text does not end$/, '文本没有结束引号'],
  [/^a text has a line break .*$/, '文本中有换行或控制字符，应写作 \\n 或 \\u000a'],
  [/^a \\ stands before .*$/, '\\ 后面不是 JSON 的转义字符'],
  [/^a number does not end$/, '数字不完整'],
  [/^something follows the event$/, '事件之后还有内容'],
  [/^it is nested too deep$/, '嵌套过深'],
  [/^The body may be nested (\d+) levels deep\.$/, '请求体最多嵌套 $1 层。'],
  [/^Send JSON or a form: .*$/, '请发送 JSON 或表单：其他文本中无法找到应移除的字段。'],

  // why the employees function could not store an event
  [/^replayed (\S+): (.*)$/s, '$1 重放：$2'],
  [/^the event names no (\S+) that can be read$/, '事件中没有有效的 $1'],
  [/^the event names a (\S+) that cannot be read$/, '事件中有无效的 $1'],
  [/^the value for (\S+) cannot be read as (\w+)$/, '$1 的值无法解析为 $2'],
  [/^the roster has no list of ids that can be read$/, '全量名单中没有可读取的 ID 列表'],
  [/^the roster does not say of when it is$/, '全量名单没有说明时间'],
  [/^the roster is of several keys$/, '全量名单涉及多个主键'],
  [/^the roster's range: (.*)$/s, '全量名单的范围：$1'],
  [/^a bound that cannot be read$/, '边界无法读取'],
  [/^(\S+) is no whole number$/, '$1 不是整数'],
  [/^(\S+) is longer than (\d+) characters$/, '$1 超过 $2 个字符'],
  [/^(\S+) holds other characters than ASCII$/, '$1 包含 ASCII 以外的字符'],
  [/^the table refuses a value \((?:MySQL )?error (\w+), by (.*)\)$/s, '表拒绝写入某个值（错误 $1，约束 $2）'],
  [/^the table refuses a value \((?:MySQL )?error (\w+)\)$/, '表拒绝写入某个值（错误 $1）'],
  [/^nested deeper than (\d+) levels$/, '嵌套超过 $1 层'],
  [/^not JSON$/, '不是 JSON'],
  [/^not a CloudEvent: it has no id or no source$/, '不是 CloudEvent：缺少 id 或 source'],
  ...patternWords,
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
  // where it is, and what is wrong there
  const [, place, reason] = /^([\p{L}\w.$[\]-]+): (.*)$/su.exec(text) ?? []
  if (place !== undefined && reason !== undefined) {
    const said = serverWordsInChinese(reason)
    return said === reason ? text : `${place}：${said}`
  }
  const parts = text.split('; ')
  return parts.length > 1 ? parts.map(serverWordsInChinese).join('；') : text
}
