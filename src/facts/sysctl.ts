/** What `sysctl -a` printed. */
export interface SysctlReading {
  /** Settings by their full name, with dots; several numbers are one space apart. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Lines that are no setting. */
  readonly unknown: number;
}

/** `net.ipv4.tcp_sack = 1`, or as `grep -r . /proc/sys/net` writes it. A last line without its end may have been cut, and its value with it. */
export function parseSysctl(text: string): SysctlReading {
  const sysctls = new Map<string, string>();
  let unknown = 0;
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = SETTING.exec(line) ?? [];
    if (name === undefined || value === undefined || i === lines.length - 1) unknown++;
    else sysctls.set(name.replace(/^\/proc\/sys\//, '').replaceAll('/', '.'), value.trim().replace(/\s+/g, ' '));
  }
  return { sysctls, unknown };
}

/** Messages of the program itself ("sysctl: permission denied on key …") have a space in what would be the name. */
const SETTING = /^((?:\/proc\/sys\/)?[a-z0-9_-]+[./][\w.@:/-]+)(?: = |=|:)(.*)$/i;
