import os from 'node:os'
import { isContainersHost, isLoopbackHost } from '../shared/isLoopbackHost'

/** One of Alibaba Cloud has 16 characters at least. */
const REAL_KEY_LENGTH = 12

/**
 * Whether a host is the machine that we are on, as it or a container on it would name it: loopback, containers' names, and
 * every address that an interface of the machine has, the gateway of docker's bridge among them. A name that anybody else
 * gave it counts as elsewhere.
 */
export function isThisMachine(hostname: string, interfaces = os.networkInterfaces()): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '')
  const own = Object.values(interfaces).flatMap((addresses) => addresses ?? [])
  return isLoopbackHost(host) || isContainersHost(host) || own.some(({ address }) => address === host)
}

/** Whether a key's ID may be one of Alibaba Cloud; what somebody made up for this machine, as `local`, is shorter. */
export function mayBeRealKey(accessKeyId: string): boolean {
  return accessKeyId.length >= REAL_KEY_LENGTH
}
