-- Views of how long approvals take, for those who have the table of examples/approvals.mapping.yaml in their mapping.yaml.
-- Run it as analytics.sql beside it, which it does not need. Nobody's id is in them.
--
-- A kind is a form, by its processCode. An approval that DingTalk told of only in part, and one whose end lies before its
-- start, which DingTalk's own samples have, is in none of them. Months and days are those of its end, in China.

-- A row an approval that was decided: for how long it was under way.
CREATE OR REPLACE VIEW approval_durations AS
SELECT corpId, processCode, bizCategoryId, status,
       DATE(finishedAt + INTERVAL 8 HOUR) AS finishedOn,
       TIMESTAMPDIFF(SECOND, startedAt, finishedAt) / 60 AS minutes
FROM approvals
WHERE status IN ('agree', 'refuse') AND startedAt <= finishedAt;

-- Of each kind the median, and what 90 of 100 took at most: the nearest rank, a time that one of them has really taken.
CREATE OR REPLACE VIEW approval_times AS
SELECT corpId, processCode, MAX(bizCategoryId) AS bizCategoryId,
       COUNT(*) AS decided,
       SUM(status = 'refuse') AS refused,
       MIN(IF(place >= 0.5 * total, minutes, NULL)) AS medianMinutes,
       MIN(IF(place >= 0.9 * total, minutes, NULL)) AS p90Minutes
FROM (SELECT corpId, processCode, bizCategoryId, status, minutes,
             ROW_NUMBER() OVER (PARTITION BY corpId, processCode ORDER BY minutes) AS place,
             COUNT(*) OVER (PARTITION BY corpId, processCode) AS total
      FROM approval_durations) AS ranked
GROUP BY corpId, processCode;

-- The same a month.
CREATE OR REPLACE VIEW approval_times_by_month AS
SELECT corpId, processCode, month, MAX(bizCategoryId) AS bizCategoryId,
       COUNT(*) AS decided,
       SUM(status = 'refuse') AS refused,
       MIN(IF(place >= 0.5 * total, minutes, NULL)) AS medianMinutes,
       MIN(IF(place >= 0.9 * total, minutes, NULL)) AS p90Minutes
FROM (SELECT corpId, processCode, bizCategoryId, status, minutes, month,
             ROW_NUMBER() OVER (PARTITION BY corpId, processCode, month ORDER BY minutes) AS place,
             COUNT(*) OVER (PARTITION BY corpId, processCode, month) AS total
      FROM (SELECT corpId, processCode, bizCategoryId, status, minutes,
                   finishedOn - INTERVAL DAYOFMONTH(finishedOn) - 1 DAY AS month
            FROM approval_durations) AS dated) AS ranked
GROUP BY corpId, processCode, month;
