import type { Random } from '../../shared/seededRandom'

const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
  ...['欧阳', '上官', '司马', '诸葛', '夏侯', '尉迟'],
]
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国秀梅晓满小红雨桐子涵浩宇欣怡梓萱一诺思远安然若溪嘉懿景行知白予安星河云帆海棠书瑶',
]
const FOREIGN = [
  'Max Chen',
  "Siobhán O'Neill",
  'José Núñez',
  'Anna-Lena Weiß',
  '阿依古丽·买买提',
  'Ren/任',
  '𠮷野 太郎',
  '陈🐼',
]

/** An invented person's name. Several may have the same, as in life. */
export function inventName(random: Random): string {
  if (random.below(300) === 0) return random.of(FOREIGN)
  const given = random.of(GIVEN)
  return random.of(SURNAMES) + given + (random.below(100) < 78 ? random.of(GIVEN) : '')
}

export const TITLES = [
  ...['工程师', '高级工程师', '测试工程师', '产品经理', '设计师', '运维工程师', '会计', '出纳', '招聘专员', '行政专员'],
  ...[
    '客户经理',
    '销售代表',
    '大区经理',
    '仓库管理员',
    '质检员',
    '操作工',
    '班组长',
    '采购专员',
    '法务',
    '总监',
    '助理',
  ],
]

export const PLACES = ['杭州', '北京', '上海', '深圳', '成都', '武汉/光谷', '西安', '']

const FIRST_LEVEL = [
  ...[
    '研发中心',
    '产品部',
    '销售中心',
    '市场部',
    '财务部',
    '人力资源部',
    '行政部',
    '客户服务部',
    '供应链中心',
    '生产中心',
  ],
  ...['质量部', '法务部', '信息技术部', '采购部', '海外事业部', '战略投资部', '审计部', '总裁办'],
]
const KINDS = ['部', '组', '中心', '班', '办事处', '项目组', '工作室']
const THEMES = [
  ...[
    '平台',
    '基础架构',
    '数据',
    '算法',
    '移动端',
    '前端',
    '后端',
    '测试',
    '运维',
    '安全',
    '华东',
    '华南',
    '华北',
    '西南',
  ],
  ...[
    '大客户',
    '渠道',
    '品牌',
    '新媒体',
    '税务',
    '核算',
    '招聘',
    '培训',
    '薪酬',
    '仓储',
    '物流',
    '装配',
    '包装',
    '设备',
  ],
  ...['售前', '售后', '研究', 'A/B 实验', '国际', '交付', '咨询', '创新', '合规', '档案', '夜班', '白班'],
]

/** An invented department's name. Those with the same parent may share it, as in life. */
export function inventDepartmentName(random: Random, level: number, at: number): string {
  if (level === 1) return FIRST_LEVEL[at] ?? `${random.of(THEMES)}事业部`
  return random.of(THEMES) + random.of(KINDS) + (random.below(4) === 0 ? '一二三四五六'[random.below(6)] : '')
}
