/** What the page's server tells its script, in JSON: numbers, and names of departments. */

/** `GET /organisation/figures` */
export interface Figures {
  /** those that the table has, the greatest first */
  corporations: Corporation[]
  /** of which the rest tells; absent where there is none */
  corpId?: string
  /** up to today, without gaps */
  days: Day[]
  departments: DepartmentCount[]
  approvals: ApprovalTime[]
  /** why there is none of it, where the database has not what the views are made of */
  missing: { people?: string; approvals?: string }
}

export interface Corporation {
  corpId: string
  headcount: number
}

export interface Day {
  /** `2026-11-26`, in China */
  day: string
  joiners: number
  leavers: number
  /** in the evening */
  headcount: number
}

export interface DepartmentCount {
  /** text, since an id may have more digits than a number holds */
  id: string
  parentId: string | null
  /** null where it is not known */
  name: string | null
  /** with all below it, each person once */
  headcount: number
  /** in it itself */
  directly: number
}

export interface ApprovalTime {
  processCode: string
  /** what DingTalk calls the kind, such as attendance.goout; empty for a form of one's own */
  category: string
  decided: number
  refused: number
  medianMinutes: number
  p90Minutes: number
}
