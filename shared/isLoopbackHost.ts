import { BlockList, isIP } from 'node:net'

/** Whether a host name or address, as a URL or a Host header has it, is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '')
  switch (isIP(host)) {
    case 4:
      return host.startsWith('127.')
    case 6:
      return isLoopbackV6(host)
    default:
      return host === 'localhost'
  }
}

function isLoopbackV6(address: string): boolean {
  // made when it is asked: loading it takes milliseconds of a cold start
  const loopback = new BlockList()
  loopback.addAddress('::1', 'ipv6')
  // for an IPv4 address that is written as an IPv6 one
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  return loopback.check(address, 'ipv6')
}

/**
 * Names by which a container, or a virtual machine, reaches the machine that it runs on: Docker Desktop's, Podman's, and
 * those of what stands in for them. No server of the public DNS answers for `.internal`.
 */
export function isContainersHost(hostname: string): boolean {
  return /^((host|gateway)\.(docker|containers)|host\.(lima|minikube|orb|rancher-desktop))\.internal\.?$/i.test(
    hostname,
  )
}
