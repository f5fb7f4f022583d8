/** The official SDK of MNS has no types. https://github.com/aliyun/mns-nodejs-sdk */
declare module '@alicloud/mns' {
  type Message = Record<string, string>
  interface Answer<T> {
    code: number
    body: T
  }
  export default class Client {
    constructor(account: string, options: { accessKeyId: string; accessKeySecret: string; endpoint: string })
    receiveMessage(queue: string, waitSeconds?: number): Promise<Answer<Message>>
    batchReceiveMessage(queue: string, count: number, waitSeconds?: number): Promise<Answer<Message[]>>
    peekMessage(queue: string): Promise<Answer<Message>>
    batchPeekMessage(queue: string, count: number): Promise<Answer<Message[]>>
    deleteMessage(queue: string, receipt: string): Promise<Answer<undefined>>
    batchDeleteMessage(queue: string, receipts: string[]): Promise<Answer<Message[] | undefined>>
    changeMessageVisibility(queue: string, receipt: string, seconds: number): Promise<Answer<Message>>
    sendMessage(queue: string, message: object): Promise<Answer<Message>>
  }
}
