/*
 * The package's face: what a program imports. What else there is of it, the command, is bin.ts.
 */

// biome-ignore lint/performance/noBarrelFile: the face of a package, of chosen names
export { LOCAL as account, type Place } from './standalone/account'
