import { type ErrorKind, Refusal, type Words } from '../../errors.ts'

const FAULTS = {
  'file-empty': {
    kind: 'rule-broken',
    zh: '文件中没有任何数据',
    en: 'there is no data in the file',
  },
  'file-is-xls': {
    kind: 'wrong-type',
    zh: '这是旧版 Excel 文件(.xls);请在 Excel 或 WPS 中另存为 .xlsx 后再导入',
    en: 'this is an old Excel file (.xls); save it as .xlsx and import that',
  },
  'file-encrypted': {
    kind: 'rule-broken',
    zh: '文件设有密码,无法读取;请取消密码后再导入',
    en: 'the file is encrypted; remove its password and import it then',
  },
  'file-has-macros': {
    kind: 'rule-broken',
    zh: '文件含有宏;请另存为不含宏的 .xlsx 后再导入',
    en: 'the file has macros; save it as .xlsx without macros and import that',
  },
  'file-broken': {
    kind: 'rule-broken',
    zh: '文件已损坏或不完整,无法读取;请在 Excel 或 WPS 中打开后重新另存为 .xlsx',
    en: 'the file is broken or incomplete; open it in Excel or WPS and save it as .xlsx again',
  },
  'file-unpacks-too-large': {
    kind: 'too-large',
    zh: '文件解压后过大,无法读取;请删除多余的空行、格式和图片后另存,或拆分后分别导入',
    en: 'the file unpacks to too much; delete empty formatted rows and pictures, or split it',
  },
  'too-many-cells': {
    kind: 'too-large',
    zh: '表格的单元格过多;请删除表格右侧和下方多余的内容后另存,或拆分后分别导入',
    en: 'the sheet has too many cells; delete what lies right of and below the table, or split it',
  },
  'text-encoding': {
    kind: 'wrong-type',
    zh: '文件不是 .xlsx,作为文本又不是 UTF-8 或 GB18030 编码;请在 Excel 或 WPS 中另存为 .xlsx',
    en: 'the file is not .xlsx, and as text neither UTF-8 nor GB18030; save it as .xlsx',
  },
} as const satisfies Record<string, Words & { kind: ErrorKind }>

/** Why a file cannot be read, said to the person who handed it in. */
export function fileRefusal(code: keyof typeof FAULTS): Refusal {
  const { kind, zh, en } = FAULTS[code]
  return new Refusal(kind, code, { zh, en }, 'file')
}

export function notASpreadsheet(seems: Words): Refusal {
  const words = {
    zh: `这似乎是${seems.zh},不能导入;请提供 Excel 工作簿(.xlsx)或 CSV 文件(.csv)`,
    en: `this seems to be ${seems.en}; hand in an Excel workbook (.xlsx) or a CSV file (.csv)`,
  }
  return new Refusal('wrong-type', 'file-type', words, 'file')
}

export function tooManyRows(rowsMax: number): Refusal {
  const words = {
    zh: `文件超过 ${rowsMax} 行;请拆分后分别导入`,
    en: `the file has more than ${rowsMax} rows; split it and import the parts`,
  }
  return new Refusal('too-large', 'too-many-rows', words, 'file')
}

export function quoteLeftOpen(row: number): Refusal {
  const words = {
    zh: `CSV 文件第 ${row} 行起的双引号没有配对;请改正后再导入,或另存为 .xlsx`,
    en: `a double quote from row ${row} on is never closed; mend it, or save the file as .xlsx`,
  }
  return new Refusal('rule-broken', 'file-broken', words, 'file')
}
