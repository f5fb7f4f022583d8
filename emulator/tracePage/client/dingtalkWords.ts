import { count } from '../../../shared/page/client/count'

/** What the card says by which a test employee is sent to the webhook. */
export const sendInEnglish = {
  button: 'Send a test employee',
  inShort: 'Send',
  inWays: 'Test employee',
  action: 'Action',
  name: 'Name',
  userId: 'User id',
  newUser: 'a new one',
  submit: 'Send',
  what: 'Goes to the webhook as DingTalk’s connector sends it. Send again with the same user id to change the same employee.',
  accepted: 'Accepted.',
  show: 'Show the event',
  badUserId: '1 to 64 letters, digits or _ . @ -',
  refused: (status: number) => `The webhook refused it (${status}).`,
}

export const sendInChinese: typeof sendInEnglish = {
  button: '发送测试员工',
  inShort: '发送',
  inWays: '测试员工',
  action: '动作',
  name: '姓名',
  userId: '用户 ID',
  newUser: '自动生成',
  submit: '发送',
  what: '以钉钉连接器的格式发送到 Webhook。使用相同的用户 ID 再次发送，可变更该员工的信息。',
  accepted: '已接收。',
  show: '查看该事件',
  badUserId: '1 到 64 个字母、数字或 _ . @ -',
  refused: (status) => `Webhook 拒绝了请求（${status}）。`,
}

/** What the card of the loopback DingTalk says. */
export const directoryInEnglish = {
  button: 'Change DingTalk',
  inShort: 'DingTalk',
  title: 'The loopback DingTalk',
  what: 'Somebody in the invented organisation changes, and DingTalk tells of it by callbacks, which carry ids alone.',
  change: 'Change',
  changes: { hire: 'hire', rename: 'rename', move: 'move', dismiss: 'dismiss' },
  userId: 'User id',
  newUser: 'a new one',
  name: 'Name',
  department: 'Department',
  suggested: (shown: number, all: number) =>
    `The newest ${count(shown)} of ${count(all)} are suggested; any user id can be typed.`,
  listed: (shown: number, all: number) => `The first ${count(shown)} of ${count(all)} departments.`,
  notAName: 'No name is looked up here: type a user id, or choose a suggestion.',
  submit: 'Do it',
  done: (userId: string, events: string) =>
    `Done: ${userId}. ${events === '' ? 'No callback.' : `Callbacks: ${events}.`}`,
  loseSome: 'A third of the callbacks is lost',
  lost: 'Those that are lost are in the list of failed ones: npm run reconcile -- --failed-only',
}

export const directoryInChinese: typeof directoryInEnglish = {
  button: '变更钉钉组织',
  inShort: '钉钉',
  title: '本地钉钉',
  what: '变更虚构组织中的员工，钉钉会推送只含 ID 的回调事件。',
  change: '操作',
  changes: { hire: '入职', rename: '改名', move: '调动部门', dismiss: '离职' },
  userId: '用户 ID',
  newUser: '自动生成',
  name: '姓名',
  department: '部门',
  suggested: (shown, all) => `共 ${count(all)} 人，下拉列表只列出最新的 ${count(shown)} 人，其他人可直接输入用户 ID。`,
  listed: (shown, all) => `共 ${count(all)} 个部门，只列出前 ${count(shown)} 个。`,
  notAName: '这里不按姓名查找：请输入用户 ID，或从下拉列表中选择。',
  submit: '执行',
  done: (userId, events) => `已完成：${userId}。${events === '' ? '没有回调。' : `回调：${events}。`}`,
  loseSome: '丢失三分之一的回调',
  lost: '丢失的回调在推送失败列表中，可用以下命令补回：npm run reconcile -- --failed-only',
}
