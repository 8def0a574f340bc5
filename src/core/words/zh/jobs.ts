/** 任务：正在运行的、已结束的，以及如何停止。 */
export const jobs = {
  'jobs.file-not-kept': '（文件 {{name}}，{{size}}：此处不保留）',
  'jobs.secret-not-kept': '（密钥：只显示一次，此处不保留）',
} as const satisfies Record<keyof typeof import('../en/jobs.ts').jobs, string>;
