/** Jobs: what runs, what ran, how to stop it. */
export const jobs = {
  'jobs.file-not-kept': '(file {{name}}, {{size}}: not kept here)',
  'jobs.secret-not-kept': '(a secret: shown once, not kept here)',
} as const;
