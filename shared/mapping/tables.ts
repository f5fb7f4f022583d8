import type { Mapping } from './mapping'
import { MAX_SLOTS } from './schema'

const utf8mb4 = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'

/**
 * The statements that make the tables, safe to run again. Works on MySQL 5.7 and 8.0 and MariaDB 10.11.
 *
 * `versions` holds 8 bytes a slot: when and by which event each column was set (functions/employees/version.ts).
 */
export function createTableStatements(mapping: Mapping): string[] {
  const key = mapping.key.map(({ name }) => quote(name)).join(', ')
  const lines = [
    ...mapping.key.map(({ name, type }) => `${quote(name)} ${type}`),
    ...mapping.columns.map(({ name, type }) => `${quote(name)} ${type}`),
    `\`versions\` VARBINARY(${MAX_SLOTS * 8}) NOT NULL`,
    '`createdAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)',
    '`updatedAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)',
    `PRIMARY KEY (${key})`,
  ]
  return [
    `CREATE TABLE IF NOT EXISTS ${quote(mapping.table)} (\n  ${lines.join(',\n  ')}\n) ${utf8mb4}`,
    `CREATE TABLE IF NOT EXISTS \`dead_letters\` (
  \`id\` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  \`source\` VARCHAR(128) NOT NULL,
  \`eventId\` VARCHAR(128) NOT NULL,
  \`reason\` VARCHAR(255) NOT NULL,
  \`event\` LONGTEXT NOT NULL,
  \`createdAt\` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`source_eventId\` (\`source\`, \`eventId\`)
) ${utf8mb4}`,
  ]
}

/** Identifiers come from mapping.yaml, which takes plain ones only; the quotes are for reserved words. */
function quote(identifier: string): string {
  return `\`${identifier}\``
}
