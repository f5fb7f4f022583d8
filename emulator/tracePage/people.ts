import type { EmployeeRows, SendCommand, Sent } from './protocol'

/** What the page can do where the employees function and its database are at hand. */
export interface People {
  /**
   * The rows about whom the event names; undefined for an event that names nobody.
   * @param json the CloudEvent's JSON text
   * @throws when the database does not answer
   */
  rowsOf(json: string): Promise<EmployeeRows | undefined>
  /** Sends a test event about an employee to the webhook. */
  send(command: SendCommand): Promise<Sent>
}
