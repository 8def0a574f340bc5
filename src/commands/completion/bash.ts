import { armsOf } from './arms.ts';
import { valuedFlags, type Candidates, type FlagCandidate } from './candidates.ts';

/** The completion script for bash ≥ 4.1: `source <(urtc completion bash)`. Needs no bash-completion package. */
export function bashCompletion(candidates: Candidates): string {
  const { program, options } = candidates;
  const f = `_${program}`;
  const arms = armsOf(candidates, {
    word: (word) => word,
    flag: shownFlag,
    choice: (choice) => choice,
    arm,
  });
  return `# Completion of ${program} for bash. Generated from its commands.
${f}_words() {
  case $1 in
${arms.words}  esac
}
${f}_flags() {
  case $1 in
${arms.flags}  esac
  printf '%s\\n' '${options.map(shownFlag).join(' ')}'
}
${f}_values() {
  case $1 in
${arms.values}  esac
}
${f}_takes_value() {
  case $1 in
    ${valuedFlags(candidates).join('|') || "''"}) return 0 ;;
  esac
  return 1
}
${f}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} name= pending= word choices i position=1
  # Bash splits --flag=value at the = (COMP_WORDBREAKS).
  [[ $cur == = ]] && cur=
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $pending ]]; then
      [[ $word == = ]] || pending=
    elif [[ $word == -- ]]; then
      return
    elif ${f}_takes_value "$word"; then
      pending=$word
    elif [[ $word == -* ]]; then
      continue
    elif [[ -n $(${f}_words "$name") ]]; then
      name="\${name:+$name }$word"
    else
      ((position++))
    fi
  done
  if [[ -n $pending ]]; then
    choices=$(${f}_values "$name $pending")
    [[ -n $choices ]] || choices=$(${f}_values "$pending")
  elif [[ $cur == -* ]]; then
    choices=$(${f}_flags "$name")
  else
    choices=$(${f}_words "$name")
    [[ -n $choices ]] || choices=$(${f}_values "$name $position")
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$cur"))
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F ${f} ${program}
`;
}

function shownFlag({ flag, takesValue }: FlagCandidate): string {
  return takesValue ? `${flag}=` : flag;
}

function arm(pattern: string, words: readonly string[]): string {
  return words.length === 0 ? '' : `    '${pattern}') printf '%s\\n' '${words.join(' ')}' ;;\n`;
}
