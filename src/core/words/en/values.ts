/** How values are written that are neither words nor data. */
export const values = {
  'value.days': '{{n}} d',
  'value.hours': '{{n}} h',
  'value.minutes': '{{n}} min',
  'value.seconds': '{{n}} s',
  'value.milliseconds': '{{n}} ms',
} as const;
