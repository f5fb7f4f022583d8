// Posts as many invented employees as asked for, each another one, over keep-alive connections; prints what came of it.
import autocannon from 'autocannon'

const [url, corpId, amount, connections] = process.argv.slice(2)
let number = 0

/** What a connector sends: some 400 bytes. */
function nextBody() {
  number++
  const userId = `1411463790012${String(number).padStart(6, '0')}`
  return JSON.stringify({
    ...{
      syncAction: 'user_add_org',
      CorpId: corpId,
      userId,
      name: `李雷 ${number}`,
      active: true,
      isAdmin: number % 2 === 0,
    },
    ...{ dingId: `$:LWCP_v1:$${userId}==`, orderInDepts: `{1:${number}}`, isLeaderInDepts: '{1:false}', isBoss: false },
    ...{ isSenior: false, isHide: number % 3 === 0, avatar: '', department: [1, number % 100] },
  })
}

const began = Date.now()
let ended = began
const posting = autocannon({
  url,
  amount: Number(amount),
  connections: Number(connections),
  timeout: 120,
  method: 'POST',
  headers: { 'content-type': 'application/json', referer: 'https://oapi.dingtalk.com/' },
  requests: [{ setupRequest: (request) => ({ ...request, body: nextBody() }) }],
})
// it ends by whole seconds
posting.on('response', () => {
  ended = Date.now()
})
const { latency, non2xx, errors } = await posting
console.log(JSON.stringify({ began, ended, p50: latency.p50, p99: latency.p99, refused: non2xx, errors }))
