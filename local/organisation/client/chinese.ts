import type { Texts } from './english'

export const chinese: Texts = {
  title: '组织',
  trace: '事件轨迹',
  corporation: '企业',
  noCorporation: '未注明企业',
  loading: '统计中……',
  said: (text) =>
    text
      .replace(/^The database did not answer \((\S+)\)\.$/, '数据库没有响应（$1）。')
      .replace(/^The server of this page does not answer\.$/, '本页面的服务没有响应。'),
  asTable: '以表格显示',

  nobody: {
    title: '表中还没有人员',
    how: '生成一个虚构的组织并读取，然后回到本页：',
  },
  missing: {
    people:
      '无法创建人员视图：mapping.yaml 需包含默认的 user_info 和 departments 表，数据库需为 MySQL 8.0 或 MariaDB 10.11。',
    approvals: '没有审批表。将其追加到 mapping.yaml 后重新启动：',
  },

  range: { label: '时间', '90': '最近 90 天', '365': '最近一年', all: '全部' },
  headcount: {
    title: '在职人数',
    now: (count) => `今日 ${count} 人`,
    history: '建表之前离职的人不在表中；入职时间未知的人按一直在职计算。',
  },
  changes: {
    title: '入职与离职',
    joiners: '入职',
    leavers: '离职',
    per: { day: '按日', week: '按周', month: '按月' },
    from: '起始日',
    headcount: '在职人数',
    none: '这段时间没有人入职或离职。',
  },
  departments: {
    title: '部门',
    hint: '含所有下级部门，每人只计一次',
    unknown: (id) => `部门 ${id}`,
    directly: (count) => `本部门 ${count} 人`,
    none: '没有已知的部门。',
    openAll: '全部展开',
    closeAll: '全部收起',
  },
  approvals: {
    title: '审批耗时',
    kind: '类型',
    decided: '已审结',
    refused: '拒绝',
    median: '中位数',
    p90: '90% 不超过',
    none: '还没有审结的审批。',
  },
  units: { min: '分钟', h: '小时', d: '天' },
}
