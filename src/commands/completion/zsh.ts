import { armsOf } from './arms.ts';
import { valuedFlags, type Candidates, type FlagCandidate } from './candidates.ts';

/** The completion script for zsh: `source <(urtc completion zsh)` after `compinit`, or a file `_urtc` in `$fpath`. */
export function zshCompletion(candidates: Candidates): string {
  const { program, options } = candidates;
  const f = `_${program}`;
  const arms = armsOf(candidates, {
    word: (word, about) => quoted(about === null ? word : `${word}:${about}`),
    flag: shownFlag,
    choice: quoted,
    arm,
  });
  return `#compdef ${program}
# Completion of ${program} for zsh. Generated from its commands.
${f}_words() {
  reply=()
  case $1 in
${arms.words}  esac
}
${f}_flags() {
  reply=()
  case $1 in
${arms.flags}  esac
  reply+=(${options.map(shownFlag).join(' ')})
}
${f}_values() {
  reply=()
  case $1 in
${arms.values}  esac
}
${f}() {
  local cur=\${words[CURRENT]} name= pending= word
  local -a reply
  local -i i position=1
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $pending ]]; then
      pending=
    elif [[ $word == -- ]]; then
      return
    elif [[ $word == (${valuedFlags(candidates).join('|')}) ]]; then
      pending=$word
    elif [[ $word == -* ]]; then
      continue
    else
      ${f}_words "$name"
      if ((\${#reply})); then
        name="\${name:+$name }$word"
      else
        ((position++))
      fi
    fi
  done
  if [[ -z $pending && $cur == --*=* ]]; then
    pending=\${cur%%=*}
    compset -P '*='
  fi
  if [[ -n $pending ]]; then
    ${f}_values "$name $pending"
    ((\${#reply})) || ${f}_values "$pending"
    compadd -a reply
  elif [[ $cur == -* ]]; then
    ${f}_flags "$name"
    compadd -S '' -a -- reply
  else
    ${f}_words "$name"
    if ((\${#reply})); then
      _describe ${program} reply
    else
      ${f}_values "$name $position"
      compadd -a reply
    fi
  fi
}
if [[ \${funcstack[1]} == ${f} ]]; then
  ${f} "$@"
else
  compdef ${f} ${program}
fi
`;
}

function shownFlag({ flag, takesValue }: FlagCandidate): string {
  return quoted(takesValue ? `${flag}=` : flag);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function arm(pattern: string, words: readonly string[]): string {
  return words.length === 0 ? '' : `    '${pattern}') reply=(${words.join(' ')}) ;;\n`;
}
