import {
  nounsOf,
  valuedFlags,
  wordsAfter,
  type Candidates,
  type FlagCandidate,
} from './candidates.ts';

/** The completion script for fish ≥ 3.1: `urtc completion fish | source`. */
export function fishCompletion(candidates: Candidates): string {
  const { program, commands, options } = candidates;
  const f = `__${program}`;
  const lines = ['', ...nounsOf(candidates)].flatMap((before) =>
    wordsAfter(before, candidates).map(
      ({ word, about }) =>
        `complete -c ${program} -n '${f}_at ${quotedInside(before)} 1' -a ${word}${about === null ? '' : ` -d ${quoted(about)}`}`,
    ),
  );
  for (const { name, arguments: given, flags } of commands) {
    for (const [position, choices] of given.entries()) {
      if (choices.length === 0) continue;
      const at = `${f}_at ${quotedInside(name)} ${position + 1}`;
      lines.push(`complete -c ${program} -n '${at}' -a ${quoted(choices.join(' '))}`);
    }
    lines.push(
      ...flags.map(
        (each) =>
          `complete -c ${program} -n '${f}_in ${quotedInside(name)}' ${flagArguments(each)}`,
      ),
    );
  }
  lines.push(...options.map((each) => `complete -c ${program} ${flagArguments(each)}`));
  return `# Completion of ${program} for fish. Generated from its commands.
function ${f}_state
  # Prints the command so far on the first line, the number of the next operand on the second.
  set -l nouns ${nounsOf(candidates).join(' ')}
  set -l valued ${valuedFlags(candidates).join(' ')}
  set -l name
  set -l position 1
  set -l pending 0
  for word in (commandline -opc)[2..-1]
    if test $pending -eq 1
      set pending 0
    else if contains -- $word $valued
      set pending 1
    else if string match -q -- '-*' $word
      continue
    else if test -z "$name"
      set name $word
    else if contains -- "$name" $nouns
      set name "$name $word"
    else
      set position (math $position + 1)
    end
  end
  echo $name
  echo $position
end
function ${f}_at
  set -l state (${f}_state)
  test "$state[1]" = "$argv[1]" -a "$state[2]" = "$argv[2]"
end
function ${f}_in
  set -l state (${f}_state)
  test "$state[1]" = "$argv[1]"
end
complete -c ${program} -f
${lines.join('\n')}
`;
}

function flagArguments({ flag, takesValue, choices }: FlagCandidate): string {
  const name = `-l ${flag.slice(2)}`;
  if (!takesValue) return name;
  return choices.length === 0 ? `${name} -r` : `${name} -x -a ${quoted(choices.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Within the single quotes of \`-n\`. Command names are plain words. */
function quotedInside(name: string): string {
  return `"${name}"`;
}
