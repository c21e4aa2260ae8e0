/** What can be done, as the audit calls it, and as people do. */
export const ACTION_WORDS = {
  record: '登记',
  correct: '更正',
  withdraw: '撤销',
  reverse: '冲销',
  put: '设定',
  fix: '四定',
  progress: '记进展',
  resolve: '化解',
  reopen: '重新打开',
  run: '手工研判',
  'complete-run': '研判完成',
  'send-mail': '发送邮件',
  reveal: '查看未脱敏信息',
  'search-phone': '按电话查找',
  export: '导出',
  'begin-import': '开始导入',
  'end-import': '完成导入',
  'break-off-import': '中止导入',
  'take-back': '撤回导入',
  'hand-back': '取回文件',
  add: '新建',
  change: '修改',
  revoke: '吊销',
  disable: '停用',
  enable: '启用',
  unlock: '解锁',
  'set-password': '重设密码',
  'change-password': '修改密码',
  'log-in': '登录',
  'fail-log-in': '登录失败',
  'lock-out': '登录锁定',
  'log-out': '退出',
  refuse: '越权被拒',
  'back-up': '备份',
  restore: '恢复备份',
  'rotate-key': '更换密钥',
} as const
export type AuditAction = keyof typeof ACTION_WORDS

/** What it can be done to. */
const SUBJECT_WORDS: Readonly<Record<string, string>> = {
  regions: '区划',
  operators: '业主',
  conditions: '业主状况',
  'operator-joins': '业主合并',
  contracts: '合同',
  amendments: '合同变更',
  ends: '合同终止',
  'grain-prices': '粮价',
  payments: '收款',
  subsidies: '补助',
  stages: '补助环节',
  disbursements: '补助兑付',
  petitions: '信访',
  screenings: '摸排',
  'repayment-plans': '还款计划',
  demands: '催告',
  mediations: '调解',
  cases: '风险',
  policies: '研判规则',
  runs: '研判',
  alerts: '邮件',
  'alert-recipients': '接收人',
  imports: '导入',
  'import-mappings': '栏目对照',
  exports: '导出文件',
  audit: '审计记录',
  tokens: '令牌',
  users: '用户',
  sessions: '会话',
  routes: '接口',
  database: '数据库',
}

const ROLE_WORDS: Readonly<Record<string, string>> = {
  admin: '管理员',
  bureau: '主管局',
  finance: '财政',
  recorder: '登记员',
  viewer: '查阅',
  none: '-',
}

const DETAIL_WORDS: Readonly<Record<string, string>> = {
  of: '所属',
  version: '版本',
  state: '状态',
  ledger: '台账',
  format: '格式',
  region: '区划',
  asOf: '数据日期',
  knownAt: '登记截至',
  reason: '事由',
  ids: '记录',
  fields: '字段',
  counts: '数量',
  code: '原因',
  role: '角色',
  method: '方式',
  fileHash: '文件校验值',
  dryRun: '试读',
  items: '条数',
  effectiveOn: '生效日期',
  from: '起',
  until: '止',
  contracts: '合同',
  scored: '已研判',
  changed: '有变化',
  failures: '未能研判',
  read: '读取',
  kept: '登记',
  unchanged: '无变化',
  reported: '有问题',
  skipped: '跳过',
  sent: '已发送',
  waiting: '待发送',
  failed: '发送失败',
  values: '联系方式',
  files: '文件',
  disabled: '停用',
}

const wordIn = (words: Readonly<Record<string, string>>) => (word: string) => words[word] ?? word

export const actionWords = wordIn(ACTION_WORDS)
export const subjectWords = wordIn(SUBJECT_WORDS)
export const roleWords = wordIn(ROLE_WORDS)
const detailWord = wordIn(DETAIL_WORDS)

/** What an entry says beside the rest, in one line. */
export function detailWords(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .map(([key, value]) => `${detailWord(key)}: ${valueWords(value)}`)
    .join('; ')
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ')
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value !== 'object' || value === null) return String(value ?? '-')
  return Object.entries(value)
    .map(([key, inner]) => `${detailWord(key)} ${valueWords(inner)}`)
    .join(', ')
}
