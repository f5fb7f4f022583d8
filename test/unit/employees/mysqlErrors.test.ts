import { codeOf, DatabaseError, reactionTo, withoutMessage } from '../../../functions/employees/mysqlErrors'

/** As the driver throws it: with the statement, and a message that quotes data. */
function driverError(code: string | undefined, errno: number | undefined): Error {
  return Object.assign(new Error("Duplicate entry '小明' for key 'name'"), {
    code,
    errno,
    sql: 'INSERT …',
    sqlState: 'HY000',
    sqlMessage: "Duplicate entry '小明' for key 'name'",
  })
}

test.each([
  ['ER_DUP_ENTRY', 1062, 'ER_DUP_ENTRY', 1062],
  // the driver has no names for numbers of MariaDB's own
  [undefined, 1927, 'ER_CONNECTION_KILLED', 1927],
  ['ECONNRESET', -104, 'ECONNRESET', undefined],
  ['PROTOCOL_CONNECTION_LOST', undefined, 'PROTOCOL_CONNECTION_LOST', undefined],
])('of the driver’s error %s %s nothing is left but code and number', (code, errno, expectedCode, expectedErrno) => {
  const error = withoutMessage(driverError(code, errno))
  expect(error).toBeInstanceOf(DatabaseError)
  expect(error).toMatchObject({ message: expectedCode, code: expectedCode, errno: expectedErrno })
  expect(Object.keys(Object(error)).sort()).toEqual(['code', 'errno', 'name', 'rule', 'sqlMessage', 'sqlState'])
  expect(error).toMatchObject({ sqlMessage: undefined })
  expect(String((error as Error).stack)).not.toContain('小明')
})

test.each([
  [new TypeError('Bind parameters must not contain undefined')],
  ['text'],
  [undefined],
  [null],
  [new DatabaseError('ER_X', 1)],
])('what is no error of the database stays as it is: %s', (error) => {
  expect(withoutMessage(error)).toBe(error)
})

test.each([[new TypeError('x')], ['text'], [null]])('nor has it a code, nor a next step of its own: %s', (error) => {
  expect(() => codeOf(error)).toThrow(error instanceof Error ? error : undefined)
  expect(reactionTo(error)).toBe('later')
})

test('an error of the database has its code', () => {
  expect(codeOf(new DatabaseError('ER_X', 1))).toBe('ER_X')
})

test.each<[string, unknown, string | undefined]>([
  ['a text', '22001', '22001'],
  ['a number', 22_001, undefined],
  ['nothing', undefined, undefined],
])('of the SQLSTATE stays %s', (_, sqlState, expected) => {
  expect(withoutMessage({ code: 'ER_X', errno: 1, sqlState })).toMatchObject({ sqlState: expected })
})

test.each<[string, string, object, string | undefined]>([
  [
    'makes an empty temporary table',
    'CREATE TEMPORARY TABLE `t` (`c` TEXTT)',
    { sqlMessage: 'Unknown: TEXTT' },
    'Unknown: TEXTT',
  ],
  ['makes one, and the driver says nothing', 'CREATE TEMPORARY TABLE `t` (`c` INT)', {}, ''],
  ['holds data', "INSERT INTO `t` VALUES ('CREATE TEMPORARY TABLE ')", { sqlMessage: 'Unknown: 小明' }, undefined],
  ['ends like one', 'SELECT 1 -- CREATE TEMPORARY TABLE ', { sqlMessage: 'Unknown: 小明' }, undefined],
])("the server's own words of a statement that %s", (_, sql, more, sqlMessage) => {
  const error = withoutMessage({ code: 'ER_X', errno: 1, ...more }, 'MySQL', sql)
  expect(error).toMatchObject({ message: 'ER_X', sqlMessage })
})

/** As MySQL and MariaDB print them. What stands in a value must not be taken for a name. */
test.each<[string, string | undefined]>([
  ["Duplicate entry '小明' for key 'jobNumber'", 'jobNumber'],
  ["Duplicate entry '小明' for key 'user_info.jobNumber'", 'jobNumber'],
  ["Duplicate entry '小明' for key 'hr.user_info.jobNumber'", 'jobNumber'],
  ["Duplicate entry 'x for key 'planted' or so' for key 'jobNumber'", 'jobNumber'],
  ["Duplicate entry '1' for key 'planted' of another", undefined],
  ['CONSTRAINT `hasName` failed for `hr`.`user_info`', 'hasName'],
  ["CONSTRAINT 'hasName' failed for `hr`.`user_info`", 'hasName'],
  ['CONSTRAINT hasName failed for `hr`.`user_info`', 'hasName'],
  ['CONSTRAINT `user_info.name` failed for `hr`.`user_info`', 'name'],
  ["Incorrect value: 'CONSTRAINT `planted` failed'", undefined],
  [
    'Cannot add or update a child row: a foreign key constraint fails (`hr`.`user_info`, CONSTRAINT `ofDepartment` FOREIGN KEY (`d`) REFERENCES `d` (`id`))',
    'ofDepartment',
  ],
  ["Incorrect value: 'Cannot add or update a child row: x CONSTRAINT `planted` FOREIGN KEY'", undefined],
  ["Check constraint 'hasName' is violated.", 'hasName'],
  ["Incorrect value: Check constraint 'planted' is violated.", undefined],
  ["Check constraint 'planted' is violated. Or so", undefined],
  ["Data too long for column 'name' at row 1", undefined],
])('the rule that refuses, by the message %s', (sqlMessage, rule) => {
  expect(withoutMessage({ code: 'ER_X', errno: 1, sqlMessage })).toMatchObject({ rule })
})

/** A number that nobody has heard of is known by its class. */
test.each([
  ['unfit', '01000'],
  ['unfit', '22007'],
  ['refused', '23000'],
  ['refused', '45000'],
  ['repeat', '40001'],
  ['reconnect', '08S01'],
  ['unknown', 'HY000'],
  ['later', '42000'],
  ['later', '70100'],
])('the reaction %s to an unknown error of the SQLSTATE %s', (reaction, sqlState) => {
  expect(reactionTo(new DatabaseError('ER_X', 9999, sqlState))).toBe(reaction)
})

test.each([
  ['unfit', [1048, 1264, 1265, 1292, 1366, 1406, 1411, 1690, 3140, 3157, 3854]],
  ['refused', [1022, 1062, 1118, 1216, 1452, 1526, 1586, 1644, 3819, 4025]],
  ['repeat', [1205, 1213]],
  ['reconnect', [1053, 1243, 1317, 1615, 1927, 3169, 4031]],
  ['failover', [1015, 1290, 1792, 1836]],
  // full (disk, table, file system), too many connections (of all, of the user), no such table or column, a column
  // without a default, no right, wrong password, too many prepared statements, took too long
  ['later', [1021, 1114, 1030, 1040, 1203, 1226, 1146, 1054, 1364, 1142, 1045, 1461, 1969, 3024]],
  ['unknown', [9999]],
])('the reaction %s to the server’s errors %j', (reaction, numbers) => {
  for (const errno of numbers) expect([errno, reactionTo(new DatabaseError('ER_X', errno))]).toEqual([errno, reaction])
})

test.each([
  ['reconnect', ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_WRITE_AFTER_END']],
  ['later', ['CONNECT_TIMEOUT', 'STATEMENT_TIMEOUT', 'DELIVERY_TIMEOUT']],
])('the reaction %s to the network’s errors %j', (reaction, codes) => {
  for (const code of codes) expect([code, reactionTo(new DatabaseError(code))]).toEqual([code, reaction])
})

test.each([
  ['unfit', '22007'],
  ['refused', '23000'],
  ['repeat', '40001'],
  ['reconnect', '08S01'],
  ['unknown', 'HY000'],
  ['later', '42000'],
  ['later', 'XA100'],
])('the reaction %s to a number that is not known, of the SQLSTATE %s', (reaction, sqlState) => {
  expect(reactionTo(new DatabaseError('ER_X', 9999, sqlState))).toBe(reaction)
})

test('of the database’s error the code is told, and a fault of ours comes out as it is', () => {
  expect(codeOf(new DatabaseError('ER_X', 9999))).toBe('ER_X')
  const ours = new TypeError('x')
  expect(() => codeOf(ours)).toThrow(ours)
})
