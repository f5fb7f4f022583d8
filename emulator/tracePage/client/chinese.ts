import { count } from '../../../shared/page/client/count'
import { directoryInChinese, sendInChinese } from './dingtalkWords'
import type { Texts } from './english'
import { filterInChinese } from './filterWords'
import { mapInChinese } from './mapWords'
import { publishInChinese } from './publishWords'
import { queuesInChinese } from './queueWords'
import { robotInChinese } from './robotWords'
import { serverWordsInChinese } from './serverWords'
import { tryInChinese } from './tryWords'

/** What is in a function's summary. */
const ANSWER: Readonly<Record<string, string>> = {
  received: '接收',
  stored: '写入',
  ignored: '忽略',
  deadLettered: '搁置',
  badValues: '未写入的列',
}

export const chinese: Texts = {
  title: '事件轨迹',
  live: '实时',
  polling: '每 2 秒刷新',
  lost: '无响应，正在重试',
  organisation: '组织',
  keys: '快捷键',
  units: { ms: '毫秒', s: '秒', min: '分钟', h: '小时', d: '天' },
  said: serverWordsInChinese,
  close: '关闭',
  cancel: '取消',

  states: {
    pending: '待投递',
    retrying: '重试中',
    blocked: '已阻塞',
    dead: '投递失败',
    'set-aside': '已搁置',
    delivered: '已投递',
    unmatched: '未匹配规则',
  },
  stateHints: {
    pending: '已接收，尚未投递',
    retrying: '投递失败，等待重试',
    blocked: '事件目标已阻塞，解除阻塞前不再投递',
    dead: '已放弃投递：进入死信队列，或被丢弃',
    'set-aside': '函数已接收但无法处理，已保存为函数的死信',
    delivered: '已投递到所有事件目标',
    unmatched: '没有规则匹配该事件',
  },
  all: '全部',

  filter: filterInChinese,

  list: {
    received: '接收时间',
    state: '状态',
    event: '事件',
    about: '涉及人员',
    more: (n) => `等 ${n + 1} 人`,
    outcome: '处理结果',
    select: (id) => `选择 ${id}`,
    selectAll: '选择本页全部事件',
    none: '没有符合条件的事件。',
    newest: '← 最新',
    older: '更早 →',
  },
  empty: {
    title: '还没有事件',
    send: '可在此处或终端中发送测试员工：',
    post: '也可将事件 POST 到',
    publish: '使用 SDK 发布事件，或将事件 POST 到',
  },
  outcome: {
    delivering: (target) => `正在投递到 ${target}`,
    again: (target, at) => `${target}：将于 ${at} 重试`,
    blocked: (target) => `${target} 已阻塞`,
    'set-aside': (target) => `${target}：已搁置`,
    'dead-lettered': (target) => `${target}：已进入死信队列`,
    dropped: (target) => `${target}：已丢弃`,
    attempts: (n) => `${n} 次投递`,
    noRule: '总线上没有规则',
    answer: (name, value) => `${ANSWER[name] ?? name} ${value}`,
    separator: '，',
  },

  detail: {
    id: '事件 ID',
    bus: '事件总线',
    source: '事件源',
    type: '事件类型',
    traceId: '轨迹 ID',
    about: '涉及人员',
    ofPerson: '相关的全部事件',
    received: '接收',
    copy: '复制',
    copied: '已复制',
    sameId: '相同 ID 的全部事件',
    matched: (target) => `匹配，投递到事件目标 ${target}`,
    attempt: '投递次序',
    at: '时间',
    took: '耗时',
    result: '结果',
    earlier: (n) => `之前的 ${n} 次投递`,
    deliveries: {
      pending: '等待投递',
      delivered: '已投递',
      'set-aside': '已搁置：函数已接收但无法处理该事件',
      blocked: '已阻塞：重试次数已用尽，解除阻塞前不再向该事件目标投递',
      'dead-lettered': '已放弃投递，原始事件已进入死信队列',
      dropped: '已放弃投递并丢弃：该事件目标未配置死信队列',
    },
    againAt: (at) => `将于 ${at} 再次投递`,
    unblock: '解除阻塞',
    event: '事件内容',
    row: '数据行',
    masked: '个人信息已脱敏。',
    reveal: '显示个人信息',
    hide: '隐藏个人信息',
    nobody: '该事件不涉及员工。',
    noRow: (table) => `${table} 中没有该事件涉及的员工的数据。`,
    neverStored: (why) => `函数无法写入该事件：${why}`,
    onceMended: '修复后执行以下命令，可写入该事件，并将其从 dead_letters 中删除：',
    column: '列',
    value: '值',
    set: '数据时间',
    byThis: '由本事件写入',
    legend: '由本事件写入',
    overtaken: '本事件写入的值均已被后续事件更新。',
  },

  replay: {
    button: '重放',
    selected: (n) => `重放所选（${count(n)}）`,
    all: (n) => `重放全部 ${count(n)} 个 …`,
    title: (n) => `重放 ${count(n)} 个事件？`,
    what: '事件将原样重新发布：ID 和时间不变，并重新匹配规则。旧事件不会覆盖新事件写入的值。',
    confirm: (n) => `重放 ${count(n)} 个`,
    done: (n) => `已重放 ${count(n)} 个事件。`,
  },

  rules: {
    title: '规则',
    attention: (paused, blocked) =>
      [paused > 0 ? `${paused} 条已禁用` : '', blocked > 0 ? `${blocked} 个事件目标已阻塞` : '']
        .filter(Boolean)
        .join('，'),
    none: '没有规则。',
    enabled: '已启用',
    paused: '已禁用',
    pause: '禁用',
    resume: '启用',
    unblock: '解除阻塞',
    blocked: '已阻塞',
    pattern: '事件模式',
    targets: '事件目标：',
    meanwhile:
      '与 EventBridge 一致，禁用的规则（disableRule）不匹配任何事件：禁用期间到达的事件不会为其保留，启用后也不会投递；此前事件的投递会等到规则启用后再进行。如需投递禁用期间的事件，请在启用规则后重放这些事件。',
    unblocking: '解除阻塞后，等待中的事件会立即重新投递，重试次数重新计算。',
  },

  send: sendInChinese,
  publish: publishInChinese,
  try: tryInChinese,
  queues: queuesInChinese,

  map: mapInChinese,
  robot: robotInChinese,
  directory: directoryInChinese,

  chart: {
    label: '事件数与投递耗时',
    events: (n) => `${count(n)} 个事件`,
    latency: '投递耗时',
    colon: '：',
    medianIs: (median) => `中位数 ${median}`,
    p95Is: (p95) => `P95 ${p95}`,
    nothing: '没有事件',
    table: '以表格显示',
    hint: '点击柱形，仅显示该时段的事件',
    time: '时间',
    count: '事件数',
    median: '中位数',
    p95: 'P95',
  },

  help: {
    title: '快捷键',
    keys: [
      ['j、↓ / k、↑', '下一个、上一个事件'],
      ['Enter', '打开事件'],
      ['Esc', '关闭'],
      ['/', '按 ID 筛选'],
      ['x', '选择事件'],
      ['r', '重放所选或打开的事件'],
      ['p', '显示或隐藏个人信息'],
      ['s', '发送测试员工或事件'],
      ['e', '发送事件'],
      ['m', '试映射事件'],
      ['t', '试用事件模式或事件转换'],
      ['q', '队列'],
      ['d', '变更本地钉钉的组织'],
      ['b', '查看机器人消息'],
      ['g', '回到最新事件'],
      ['?', '显示本帮助'],
    ],
  },
}
