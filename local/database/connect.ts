import mysql from 'mysql2/promise'
import type { DatabaseAddress } from './startDatabase'

/** Runs one piece of work on a connection of its own, without a database selected. */
