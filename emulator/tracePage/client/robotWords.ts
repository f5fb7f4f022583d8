/** What the card of the group robot says: apart from the rest of the page, of which it is a small and rare part. */
export const robotInEnglish = {
  button: 'Robot',
  title: 'The robot of a DingTalk group',
  what: 'A double on this machine: what a group would see. DINGTALK_ROBOT_URL and DINGTALK_ROBOT_SECRET name a real one.',
  none: 'Nothing was said so far. An event that an enabled rule takes to the robot comes up here.',
  name: 'Robot',
  everybody: '@all',
  blocked: (until: string) => `More than 20 messages came in a minute: it takes none until ${until}.`,
  notDrawn: 'A message of this type is not drawn here.',
}

export const robotInChinese: typeof robotInEnglish = {
  button: '机器人',
  title: '钉钉群机器人',
  what: '这是本机的模拟机器人，显示群里会看到的消息。设置 DINGTALK_ROBOT_URL 和 DINGTALK_ROBOT_SECRET 即可改用真实的机器人。',
  none: '还没有消息。已启用的规则把事件投递到机器人后，消息会显示在这里。',
  name: '机器人',
  everybody: '@所有人',
  blocked: (until) => `一分钟内的消息超过 20 条，${until} 之前不再接收消息。`,
  notDrawn: '这里不显示此类型消息的样式。',
}
