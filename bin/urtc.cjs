#!/usr/bin/env node
'use strict';
/*
 * Finds a Node that can run urtc and starts dist/urtc.mjs with it. This file is read by whatever
 * Node the machine has, so its syntax is old on purpose: it must parse on Node 12.
 */
var path = require('path');

/* node:sqlite without a flag came with 22.13, its isTransaction, which our rollbacks need, with 22.16. */
var LOWEST = [22, 16];
var entry = path.join(__dirname, '..', 'dist', 'urtc.mjs');
var tie = path.join(__dirname, 'end-with-launcher.cjs');

function isNewEnough(version) {
  var parts = version.split('.').map(Number);
  /* 23 ended before it got isTransaction. */
  return parts[0] > 23 || (parts[0] === LOWEST[0] && parts[1] >= LOWEST[1]);
}

/*
 * node:sqlite still calls itself experimental, and the Kubernetes client's HTTP library uses punycode
 * (DEP0040); our users can do nothing about either.
 */
function hushWarnings() {
  var emit = process.emitWarning;
  process.emitWarning = function (warning, type, code) {
    var isObject = type !== null && typeof type === 'object';
    var kind = isObject ? type.type : type;
    var number = isObject ? type.code : code;
    if (kind === 'ExperimentalWarning' || number === 'DEP0040') return;
    emit.apply(process, arguments);
  };
}

/*
 * What has just been made lies in two spaces that V8 doubles up to 16 MB each while modules load, and
 * never gives back: 10 of 130 MB of an idle bot. It can only be said before they load.
 */
var smallYoungSpace = '--semi-space-growth-factor=1';

/*
 * Node brings its own modules compiled, but for the flags that it was started with: after the one above
 * each is compiled anew. Those that a bot loads anyway, with what they load, come before it (35 of the
 * 450 ms that its start computes); what else runs ends before memory matters, and goes without the flag.
 */
function prepareForLong() {
  ['https', 'sqlite', 'child_process', 'zlib'].forEach(function (name) {
    require('node:' + name);
  });
  /* Reading it loads fetch. */
  void globalThis.Response;
  require('v8').setFlagsFromString(smallYoungSpace);
}

/*
 * A fifth of what a call on the terminal computes is compiling what it loads: the next one finds that
 * beside the program. Only where nobody but the program's owner can have put it there. A bot starts
 * seldom, with other flags, and would keep it in memory.
 */
function keepCompiled() {
  var keep = require('module').enableCompileCache;
  var dist = require('fs').statSync(path.dirname(entry), { throwIfNoEntry: false });
  if (keep === undefined || dist === undefined) return;
  /* What root would leave in somebody else's folder, its owner could not remove. */
  if (process.getuid() === 0 && dist.uid !== 0) return;
  var notToOthers = 18;
  if ((process.umask() & notToOthers) !== notToOthers) return;
  /* It says so where it can't write, and never throws. */
  keep(path.join(path.dirname(entry), 'compiled'));
}

function fail(lines, code) {
  process.stderr.write(lines.join('\n') + '\n');
  process.exit(code);
}

/* The Node that came as an optional dependency, or null. */
function bundledNode() {
  try {
    var folder = path.dirname(
      require.resolve('node-' + process.platform + '-' + process.arch + '/package.json'),
    );
    return path.join(folder, 'bin', 'node');
  } catch (error) {
    if (error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/*
 * Old Nodes have no execve, so there is a second process: this one only hands signals down and the
 * exit code up. Standard streams and NOTIFY_SOCKET are inherited. The channel carries nothing: its
 * end tells the second process that this one was killed (end-with-launcher.cjs).
 */
function runWith(node) {
  var env = Object.assign({}, process.env);
  /* Names this process; the daemon below is the one that pings. */
  delete env.WATCHDOG_PID;
  var child = require('child_process').spawn(
    node,
    [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=DEP0040',
      smallYoungSpace,
      '--require',
      tie,
      entry,
    ].concat(process.argv.slice(2)),
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: env },
  );
  var onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  ['SIGTERM', 'SIGINT', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      /* A terminal has sent these to the child already; twice would mean "quit at once". */
      if (onTerminal && signal !== 'SIGTERM') return;
      child.kill(signal);
    });
  });
  child.on('error', function (error) {
    fail(['urtc: ' + node + ' could not be started: ' + error.message], 69);
  });
  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function start() {
  if (isNewEnough(process.versions.node)) {
    hushWarnings();
    if (process.argv.indexOf('bot') > 1) prepareForLong();
    else keepCompiled();
    import(require('url').pathToFileURL(entry).href).catch(function (error) {
      /* A defect of ours (sysexits.h EX_SOFTWARE). */
      fail(['urtc: ' + (error && error.stack ? error.stack : error)], 70);
    });
    return;
  }
  var node = bundledNode();
  if (node === null) {
    fail(
      [
        'urtc needs Node ' + LOWEST.join('.') + ' or newer; this is ' + process.versions.node + '.',
        'The package that brings one (node-' +
          process.platform +
          '-' +
          process.arch +
          ') is not installed.',
        'Install urtc again without --omit=optional, or install a newer Node.',
      ],
      69,
    );
    return;
  }
  runWith(node);
}

start();
