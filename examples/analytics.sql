-- Views for a BI tool: who came and left, how many are where, how fast they change. MySQL 8.0 and MariaDB 10.11 take this
-- file as it is, as often as it is run: mysql … < examples/analytics.sql, or pasted into the SQL window of the database's
-- console. It reads user_info and departments as mapping.yaml has them and writes nothing. docs/analytics.md leads through it.
--
-- Days are days in China, which has one zone and no summer time; the tables' times are in UTC.
-- Ids of people are in the first helper alone. Whoever may SELECT from the views below it needs no right to what they read.
--
-- What the tables do not know, the views cannot tell. A person has one row: of somebody who came back, the time away is gone,
-- and so are the departments that they were in before. People count in their department of now, or the last that is known,
-- and departments lie where they lie now. Of whom it is not known when they came, they have been there all along.

-- HELPERS: the views below them are what a chart is made of.

-- A row a person: from when to when. The company's own hire date goes before the time at which DingTalk told of them, and
-- nobody left before they came. On the day leftOn they are not counted any more.
CREATE OR REPLACE VIEW employments AS
SELECT corpId, userId, departmentsHash,
       LEAST(joined, COALESCE(leftOn, joined)) AS joinedOn,
       leftOn
FROM (SELECT corpId, userId,
             UNHEX(SHA2(department, 256)) AS departmentsHash,
             COALESCE(hiredDate, DATE(joinedAt + INTERVAL 8 HOUR)) AS joined,
             DATE(leftAt + INTERVAL 8 HOUR) AS leftOn
      FROM user_info) AS people;

-- Each department with itself and every one above it. UNION DISTINCT ends it, too, where departments go round in a circle,
-- which a lost event may make of them.
CREATE OR REPLACE VIEW department_ancestors AS
WITH RECURSIVE ancestors (corpId, deptId, aboveId) AS (
  SELECT corpId, deptId, deptId FROM departments
  UNION DISTINCT
  SELECT ancestors.corpId, ancestors.deptId, departments.parentId
  FROM ancestors
  JOIN departments ON departments.corpId = ancestors.corpId AND departments.deptId = ancestors.aboveId
  WHERE departments.parentId > 0
)
SELECT corpId, deptId, aboveId FROM ancestors;

-- Which lists of departments, as people have them, a department counts: those that name it or one below it, each list once,
-- so that somebody in two of its children is one person. isNamed tells those that name it. One that `departments` does not
-- know counts its own people.
CREATE OR REPLACE VIEW department_members AS
SELECT place.corpId, place.departmentsHash, COALESCE(above.aboveId, place.deptId) AS deptId,
       MAX(COALESCE(above.aboveId = place.deptId, TRUE)) AS isNamed
FROM (SELECT DISTINCT user_info.corpId, UNHEX(SHA2(user_info.department, 256)) AS departmentsHash, listed.deptId
      FROM user_info
      CROSS JOIN JSON_TABLE(user_info.department, '$[*]' COLUMNS (deptId BIGINT PATH '$' NULL ON ERROR)) AS listed
      WHERE listed.deptId > 0) AS place
LEFT JOIN department_ancestors AS above ON above.corpId = place.corpId AND above.deptId = place.deptId
GROUP BY 1, 2, 3;

-- The last 20,000 days, almost 55 years, today the last: a chart needs the days, too, on which nothing happened.
CREATE OR REPLACE VIEW calendar AS
WITH digits (d) AS (
  SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
)
SELECT DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) - INTERVAL (a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d) DAY AS day
FROM digits AS a, digits AS b, digits AS c, digits AS e, digits AS f
WHERE f.d < 2;

-- FOR CHARTS: numbers, and names of departments.

-- A row for each day up to today: who came, who left, and how many are there in the evening.
CREATE OR REPLACE VIEW joiners_and_leavers AS
WITH changes AS (
  SELECT corpId,
         IF(isLeave, leftOn, COALESCE(joinedOn, DATE '1000-01-01')) AS day,
         SUM(NOT isLeave) AS came,
         SUM(isLeave) AS went
  FROM employments
  CROSS JOIN (SELECT 0 AS isLeave UNION ALL SELECT 1) AS sides
  WHERE NOT isLeave OR leftOn IS NOT NULL
  GROUP BY 1, 2
), days AS (
  SELECT corpId, day, came, went FROM changes
  UNION ALL
  SELECT corporation.corpId, calendar.day, 0, 0
  FROM (SELECT corpId, MIN(IF(day > DATE '1000-01-01' AND day <= today, day, today)) AS first
        FROM changes
        CROSS JOIN (SELECT DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) AS today) AS clock
        GROUP BY corpId) AS corporation
  JOIN calendar ON calendar.day >= corporation.first
)
SELECT corpId, day, joiners, leavers, headcount
FROM (SELECT corpId, day,
             SUM(came) AS joiners,
             SUM(went) AS leavers,
             SUM(SUM(came) - SUM(went)) OVER (PARTITION BY corpId ORDER BY day) AS headcount
      FROM days
      GROUP BY corpId, day) AS counted
WHERE day > DATE '1000-01-01' AND day <= DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR);

-- A row for each month up to this one, which is not over yet: turnover is the leavers in percent of the mean of those who
-- were there when it began and when it ended.
CREATE OR REPLACE VIEW turnover_by_month AS
SELECT corpId, month, joiners, leavers, opening, closing,
       ROUND(100 * leavers / NULLIF((opening + closing) / 2, 0), 2) AS turnoverPercent
FROM (SELECT corpId, month,
             SUM(joiners) AS joiners,
             SUM(leavers) AS leavers,
             SUM(IF(day = firstDay, headcount - joiners + leavers, 0)) AS opening,
             SUM(IF(day = lastDay, headcount, 0)) AS closing
      FROM (SELECT corpId, day, joiners, leavers, headcount,
                   day - INTERVAL DAYOFMONTH(day) - 1 DAY AS month,
                   MIN(day) OVER (PARTITION BY corpId, EXTRACT(YEAR_MONTH FROM day)) AS firstDay,
                   MAX(day) OVER (PARTITION BY corpId, EXTRACT(YEAR_MONTH FROM day)) AS lastDay
            FROM joiners_and_leavers) AS days
      GROUP BY corpId, month) AS months;

-- How many a department has, with all below it, and from which day to which: of one day, `WHERE day BETWEEN fromDay AND
-- toDay`; of each day, `JOIN calendar ON calendar.day BETWEEN fromDay AND toDay`. 1000-01-01 is "all along", 9999-12-31 "still".
CREATE OR REPLACE VIEW headcount_by_department AS
SELECT counted.corpId, counted.deptId, departments.name, departments.parentId, counted.fromDay, counted.toDay, counted.headcount
FROM (SELECT corpId, deptId, day AS fromDay,
             COALESCE(LEAD(day) OVER (PARTITION BY corpId, deptId ORDER BY day) - INTERVAL 1 DAY, DATE '9999-12-31') AS toDay,
             SUM(net) OVER (PARTITION BY corpId, deptId ORDER BY day) AS headcount
      FROM (SELECT corpId, deptId,
                   IF(isLeave, leftOn, COALESCE(joinedOn, DATE '1000-01-01')) AS day,
                   SUM(1 - 2 * isLeave) AS net
            FROM department_members
            JOIN employments USING (corpId, departmentsHash)
            CROSS JOIN (SELECT 0 AS isLeave UNION ALL SELECT 1) AS sides
            WHERE NOT isLeave OR leftOn IS NOT NULL
            GROUP BY 1, 2, 3) AS changes) AS counted
LEFT JOIN departments ON departments.corpId = counted.corpId AND departments.deptId = counted.deptId;

-- How many each department has today, with all below it, and how many are in it itself.
CREATE OR REPLACE VIEW headcount_today AS
SELECT counted.corpId, counted.deptId, departments.name, departments.parentId, counted.headcount, counted.directly
FROM (SELECT members.corpId, members.deptId, SUM(present.people) AS headcount, SUM(present.people * members.isNamed) AS directly
      FROM department_members AS members
      JOIN (SELECT corpId, departmentsHash, COUNT(*) AS people
            FROM employments
            WHERE COALESCE(joinedOn <= DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR), TRUE)
              AND COALESCE(leftOn > DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR), TRUE)
            GROUP BY corpId, departmentsHash) AS present
        ON present.corpId = members.corpId AND present.departmentsHash = members.departmentsHash
      GROUP BY members.corpId, members.deptId) AS counted
LEFT JOIN departments ON departments.corpId = counted.corpId AND departments.deptId = counted.deptId;

-- The departments of now, with the names of all above them.
CREATE OR REPLACE VIEW department_tree AS
WITH RECURSIVE climbing (corpId, deptId, nextId, depth, path) AS (
  SELECT corpId, deptId, parentId, 0, CAST(COALESCE(name, deptId) AS CHAR(1000) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin
  FROM departments
  WHERE removedAt IS NULL
  UNION ALL
  SELECT climbing.corpId, climbing.deptId, above.parentId, climbing.depth + 1,
         LEFT(CONCAT(CONVERT(COALESCE(above.name, above.deptId) USING utf8mb4) COLLATE utf8mb4_bin, ' / ', climbing.path), 1000)
  FROM climbing
  JOIN departments AS above ON above.corpId = climbing.corpId AND above.deptId = climbing.nextId
  WHERE climbing.depth < 15
)
SELECT departments.corpId, departments.deptId, departments.parentId, departments.name, whole.depth, whole.path
FROM (SELECT corpId, deptId, depth, path,
             ROW_NUMBER() OVER (PARTITION BY corpId, deptId ORDER BY depth DESC) AS fromTop
      FROM climbing) AS whole
JOIN departments ON departments.corpId = whole.corpId AND departments.deptId = whole.deptId
WHERE whole.fromTop = 1;
