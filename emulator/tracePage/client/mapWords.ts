import type { MappedForm, MappedRow } from '../protocol'

/** What the card says on which an event is tried. */
export const mapInEnglish = {
  button: 'Try an event',
  inShort: 'Try',
  inWays: 'Rules and rows',
  what: 'What would it do? It is read by the rules, the webhook and mapping.yaml that run here. Nothing is sent, and no row is changed.',
  text: 'Event: what DingTalk posts, or a CloudEvent',
  result: 'What it would do',
  forms: {
    posted: 'As it is posted to the webhook.',
    push: 'A SyncHTTP push: each of its rows is an event.',
    stream: 'A frame of DingTalk Stream, as npm run listen passes it on.',
    callback: 'An encrypted callback, opened with DINGTALK_AES_KEY.',
    cloudevent: 'A CloudEvent, as EventBridge delivers it.',
    lines: 'A recording: an event a line.',
  } satisfies Record<MappedForm, string>,
  place: (line: number, column: number) => `Line ${line}, column ${column}: it `,
  dropped: (names: string[]) => `DROP_FIELDS removes at the door: ${names.join(', ')}.`,
  matches: 'matches',
  noRule: 'There is no rule.',
  notBrought: 'No rule brings it to the employees function. If one did:',
  deadLetter: (why: string) => `A dead letter: ${why}`,
  absent: (after: string, upTo: string | undefined, ids: number) =>
    `Whoever is there${after && ` after ${after}`}${upTo === undefined ? '' : ` up to ${upTo}`}, is not among the ${ids} of the list and was not heard of since:`,
  version: 'Version',
  timeIs: {
    said: '',
    arrival: 'when it arrived, as it does not say',
    ahead: 'when it arrived, as it says a time ahead of that',
  } satisfies Record<MappedRow['version']['timeIs'], string>,
  stage: (stage: number) => `stage ${stage}`,
  sequence: (sequence: string) => `sequence ${sequence}`,
  from: 'from, or why not',
  more: (n: number) => `… and ${n} more`,
}

export const mapInChinese: typeof mapInEnglish = {
  button: '试映射',
  inShort: '试映射',
  inWays: '规则与数据行',
  what: '该事件会产生什么结果？按当前运行的规则、Webhook 和 mapping.yaml 计算，不发送事件，也不修改数据。',
  text: '事件：钉钉推送的内容，或 CloudEvent',
  result: '结果',
  forms: {
    posted: '按推送到 Webhook 的内容处理。',
    push: 'SyncHTTP 推送：每行是一个事件。',
    stream: '钉钉 Stream 消息，按 npm run listen 转发的形式处理。',
    callback: '加密回调，已用 DINGTALK_AES_KEY 解密。',
    cloudevent: 'CloudEvent，按 EventBridge 投递的内容处理。',
    lines: '事件录制文件：每行一个事件。',
  },
  place: (line, column) => `第 ${line} 行第 ${column} 列：`,
  dropped: (names) => `入口处按 DROP_FIELDS 移除：${names.join('、')}。`,
  matches: '匹配',
  noRule: '没有规则。',
  notBrought: '没有规则将其投递到 employees 函数。若有，则：',
  deadLetter: (why) => `将成为死信：${why}`,
  absent: (after, upTo, ids) =>
    `范围内（${after === '' ? '' : `大于 ${after}`}${upTo === undefined ? '' : ` 至 ${upTo}`}）不在名单 ${ids} 个 ID 之列、且此后没有新事件的行：`.replace(
      '（）',
      '',
    ),
  version: '版本',
  timeIs: { said: '', arrival: '事件没有自带时间，取到达时间', ahead: '事件时间晚于到达时间，取到达时间' },
  stage: (stage) => `阶段 ${stage}`,
  sequence: (sequence) => `序号 ${sequence}`,
  from: '来源或原因',
  more: (n) => `……另有 ${n} 项`,
}
