/** What the article's connector sends, as EventBridge delivers it. */
function eventOf(person, turn) {
  const isEven = turn % 2 === 0
  const body = {
    syncAction: 'user_add_org',
    userId: `1411463790012${person}`,
    name: `小明 ${turn}`,
    active: isEven,
    isAdmin: !isEven,
    dingId: `$:LWCP_v1:$5RUxxxxQhPpK4A==${turn}`,
    orderInDepts: `{1:${turn}}`,
    isLeaderInDepts: `{${turn}:false}`,
    isBoss: isEven,
    isSenior: !isEven,
    isHide: isEven,
    department: [turn],
  }
  return {
    id: `event-${turn}-${person}`,
    source: 'my.dingtalk',
    specversion: '1.0',
    type: 'eventbridge:Events:HTTPEvent',
    time: new Date(1_700_000_000_000 + turn * 1000).toISOString(),
    data: { headers: {}, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
  }
}

/** An event of each of so many people, `size` in a delivery: alone, or in a list. */
exports.payloadsOf = (turn, people, size) => {
  const events = Array.from({ length: people }, (_, person) => eventOf(person, turn))
  if (size === 1) return events.map((event) => Buffer.from(JSON.stringify(event)))
  return Array.from({ length: Math.ceil(people / size) }, (_, at) =>
    Buffer.from(JSON.stringify(events.slice(at * size, (at + 1) * size))),
  )
}
