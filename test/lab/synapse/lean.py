"""Leaves out what Synapse does for those who run it, and what guards it against what a lab has not:
more than a third of its processor time. What it answers, keeps and sends is the same. For `npm test`
alone: the demo, the bench and the soak have Synapse as it was released.

Imported before the home server is made. `warm_up` can be called before a fork.
"""

import json
import logging
import os
from typing import Any, Callable

import jinja2
import jsonschema
import prometheus_client.metrics as metrics
import synapse.app._base as base
import synapse.http.server as http_server
import synapse.storage.database as database
import yaml
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from synapse.config.homeserver import HomeServerConfig
from synapse.logging import context, loggers
from synapse.storage.engines import Sqlite3Engine
from synapse.util import clock
from twisted.internet import defer
from twisted.python.failure import Failure


def nothing(*_: Any, **__: Any) -> None:
    pass


# No log at all of these is ever on here, but each line of them gets a random name before.
for module in (context, clock):
    module.random_string_insecure_fast = lambda length: ""
for level in ("debug", "info"):
    setattr(loggers.ExplicitlyConfiguredLogger, level, nothing)
logging.disable(logging.INFO)

# Nobody reads its metrics: it has no listener for them.
metrics.MetricWrapperBase.labels = lambda self, *_, **__: self
for kind, methods in (
    (metrics.Counter, ("inc",)),
    (metrics.Gauge, ("inc", "dec", "set", "set_function", "set_to_current_time")),
    (metrics.Summary, ("observe",)),
    (metrics.Histogram, ("observe",)),
):
    for method in methods:
        setattr(kind, method, nothing)

# Python looks for garbage by itself; Synapse would ask ten times a second whether to.
base.install_gc_manager = nothing


def validate(instance: Any, schema: Any, cls: Any = None, *rest: Any, **more: Any) -> None:
    """As jsonschema.validate, which checks the schema first: these are Synapse's own."""
    error = best_match((cls or validator_for(schema))(schema, *rest, **more).iter_errors(instance))
    if error is not None:
        raise error


jsonschema.validate = validate

load_yaml = yaml.safe_load


def load_json(source: Any) -> Any:
    """Our config files are JSON, which is YAML, but a hundred times faster to read."""
    text = source if isinstance(source, (str, bytes)) else source.read()
    try:
        return json.loads(text)
    except ValueError:
        return load_yaml(text)


yaml.safe_load = load_json

compile_template = jinja2.Environment.compile
compiled: dict[Any, Any] = {}


def compile_once(self: jinja2.Environment, source: Any, *more: Any, **rest: Any) -> Any:
    """Its mails' templates are compiled at each start: once is enough for all that are forked."""
    key = (source, more, *rest.items())
    if key not in compiled:
        compiled[key] = compile_template(self, source, *more, **rest)
    return compiled[key]


jinja2.Environment.compile = compile_once


class SameThread:
    """
    In place of the one thread that SQLite gets: two threads of Python can't run at once anyway, and
    handing over costs more than most transactions. What is awaited still comes in a later turn of the
    reactor, in the order asked for, as it does in Synapse's own tests.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._over: list[tuple[defer.Deferred, Any]] = []

    start = stop = nothing

    def run(self, work: Callable[..., Any], *args: Any, **named: Any) -> defer.Deferred:
        done: defer.Deferred = defer.Deferred()
        try:
            result = work(*args, **named)
        except BaseException:
            result = Failure()
        self._over.append((done, result))
        # Calls for one and the same moment may come in any order: there is one for all.
        if len(self._over) == 1:
            self._reactor.callLater(0, self._tell)
        return done

    def _tell(self) -> None:
        told, self._over = self._over, []
        for done, result in told:
            # Also fires errbacks, where it is a Failure.
            done.callback(result)


make_pool = database.make_pool


def make_pool_in_this_thread(*, reactor: Any, engine: Any, **rest: Any) -> Any:
    pool = make_pool(reactor=reactor, engine=engine, **rest)
    here = SameThread(reactor)
    pool.threadpool = here
    pool.runWithConnection = lambda work, *args, **named: here.run(
        pool._runWithConnection, work, *args, **named
    )
    return pool


database.make_pool = make_pool_in_this_thread

open_database = Sqlite3Engine.on_new_connection


def open_without_flush(self: Sqlite3Engine, connection: Any) -> None:
    open_database(self, connection)
    # Nobody turns the machine off under a test, and what a killed process has written stays.
    connection.execute("PRAGMA synchronous = OFF;")


Sqlite3Engine.on_new_connection = open_without_flush


def encode_here(_: Any, work: Callable[..., Any], *args: Any, **named: Any) -> defer.Deferred:
    """No answer of a lab is so large that making JSON of it were worth a thread."""
    return defer.execute(work, *args, **named)


http_server.defer_to_thread = encode_here


def warm_up(folder: str) -> None:
    """Reads a config, for what is remembered of it. `folder`: some place for its (empty) media folder."""
    HomeServerConfig().parse_config_dict(
        {
            "server_name": "warm.test",
            "report_stats": False,
            "signing_key": "ed25519 a_lab bGFiLXRlc3Qtc2lnbmluZy1rZXktbm90LWEtc2VjcmV",
            "macaroon_secret_key": "warm",
            "media_store_path": os.path.join(folder, "media"),
            "trusted_key_servers": [],
        },
        "",
        "",
    )
