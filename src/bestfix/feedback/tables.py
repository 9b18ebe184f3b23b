"""The tables of the event store, alike in SQLite and PostgreSQL; docs/events.md is built from the comments here.

Times are whole microseconds since 1970-01-01 UTC. `NULL` stands for *not known* or *does not apply*.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, Table, Text

__all__ = ["TABLES", "actions", "candidates", "exposures", "failures", "features", "losses", "metadata"]

metadata = MetaData()

failures = Table(
    "failures", metadata,
    Column("id", Text, primary_key=True, comment="unique, in the order of time"),
    Column("at", BigInteger, nullable=False, comment="when the failure was seen"),
    Column("user", Text, nullable=False, comment="the random id of the install, or the name that a server was given"),
    Column("install", Text, nullable=False, comment="the random id of the install that wrote the row"),
    Column("surface", Text, nullable=False, comment="the door: `ipython`, `jupyter`, `run`, `sql`, `http`, …"),
    Column("follows", Text, comment="the earlier failure of the same cell or script, changed and run again"),
    Column("version", Text, nullable=False, comment="the version of bestfix"),
    Column("language", Text, nullable=False, comment="`python` or `sql`; empty when the report was not at hand"),
    Column("family", Text, nullable=False, comment="the family of errors (`bestfix.rank.families`)"),
    Column("error_type", Text, nullable=False,
           comment="the class of the error; for classes of libraries and users the builtin one that they inherit from"),
    Column("message_hash", Text, nullable=False,
           comment="of the message without names, literals and numbers, salted by the install"),
    Column("code_hash", Text, nullable=False, comment="of the source that failed, salted by the install"),
    Column("code", Text, comment="that source, when `[log] code` allows it"),
    Column("message", Text, comment="the message of the error, when `[log] code` allows it"),
    Column("revision", Integer, nullable=False,
           comment="which decision the columns from here on describe: 0, or higher when better ones followed"),
    Column("shown", Boolean, nullable=False, comment="whether the decision was to show a fix"),
    Column("silence", Text, nullable=False,
           comment="why not: `nothing found`, `unlikely` (below the threshold), `history` (likely, but this user's "
           "history spoke against it); empty when shown"),
    Column("ranked", Integer, nullable=False, comment="candidates that nothing ruled out"),
    Column("selector", Text, nullable=False, comment="the selector that ordered them"),
    Column("model", Text, nullable=False, comment="the name of its model (`bestfix model list`), if it has one"),
    Column("feature_set", Text, nullable=False, comment="which features the candidates have; see `features`"),
    Column("shadow", Text, nullable=False, comment="the selector that was scored beside it; empty for none"),
    Column("shadow_model", Text, nullable=False, comment="the name of that one's model"),
    Column("shadow_rank", Integer, comment="the candidate that it would have shown, if any"),
    Column("threshold", Float, nullable=False, comment="the setting `threshold`"),
    Column("deadline", Float, nullable=False, comment="the setting `deadline`, in seconds"),
    Column("k", Integer, nullable=False, comment="the setting `k`"),
    Column("history", Float, comment="what the user's history added to the log-odds of showing, if any"),
    Column("seconds", Float, nullable=False, comment="from the report to the decision"),
    Column("asked", Integer, nullable=False, comment="questions put to a language model"),
    Column("contained", Integer, nullable=False, comment="faults of ours that were contained on the way"),
    Index("failures_by_time", "at"),
    Index("failures_by_user", "user", "at"),
)  # fmt: skip

candidates = Table(
    "candidates", metadata,
    Column("failure_id", Text, primary_key=True, comment="the failure"),
    Column("revision", Integer, primary_key=True, comment="the decision"),
    Column("rank", Integer, primary_key=True, comment="the place in its order, from 0"),
    Column("proposer", Text, nullable=False, comment="what proposed it"),
    Column("votes", Text, nullable=False, comment="JSON list: all that proposed this meaning"),
    Column("model", Text, nullable=False, comment="the language model that wrote it; empty for a repair's"),
    Column("strategy", Text, nullable=False, comment="the strategy that asked that model"),
    Column("prior", Float, nullable=False, comment="the proposer's own estimate, 0 to 1"),
    Column("applicability", Text, nullable=False, comment="`display-only`, `unsafe` or `safe`"),
    Column("p_accept", Float, comment="probability that the user keeps it, by the selector"),
    Column("p_success", Float, comment="probability that it runs, by the selector"),
    Column("propensity", Float, nullable=False,
           comment="probability with which the policy showed this one: 1 or 0 where nothing is drawn by lot"),
    Column("shadow_p_accept", Float, comment="`p_accept` by the shadow selector"),
    Column("outcome", Text, nullable=False, comment="what checking found (`bestfix.core.Outcome`)"),
    Column("parses", Boolean, comment="whether it parses"),
    Column("recurs", Boolean, comment="whether the error is still there"),
    Column("unresolved", Integer, nullable=False, comment="names that it uses and nothing defines"),
    Column("resumed", Boolean, nullable=False, comment="whether only what follows the failing statement was run"),
    Column("hides", Boolean, nullable=False, comment="whether it only keeps the error from being seen"),
    Column("verdict_seconds", Float, nullable=False, comment="the time that checking took"),
    Column("features", Text, nullable=False,
           comment="JSON list in the order of `features`; null is *missing*. In Parquet a column for each"),
    Column("text_hash", Text, nullable=False, comment="of the fixed source, salted by the install"),
    Column("text", Text, comment="the fixed source, when `[log] code` allows it"),
    Column("reason", Text, comment="its reason, when `[log] code` allows it"),
)  # fmt: skip

actions = Table(
    "actions", metadata,
    Column("id", Text, primary_key=True, comment="unique, in the order of time"),
    Column("failure_id", Text, nullable=False, comment="the failure"),
    Column("at", BigInteger, nullable=False, comment="when it happened"),
    Column("action", Text, nullable=False, comment="what happened (`bestfix.core.Action`)"),
    Column("revision", Integer, nullable=False, comment="the decision that `rank` belongs to"),
    Column("rank", Integer, comment="the candidate; none where it is about none"),
    Index("actions_by_failure", "failure_id"),
)  # fmt: skip

exposures = Table(
    "exposures", metadata,
    Column("failure_id", Text, primary_key=True, comment="the failure"),
    Column("experiment", Text, primary_key=True, comment="the experiment"),
    Column("version", Integer, nullable=False, comment="its version"),
    Column("layer", Text, nullable=False, comment="its layer"),
    Column("arm", Text, nullable=False, comment="the arm that the user is in"),
    Column("at", BigInteger, nullable=False, comment="when the failure was seen"),
    Index("exposures_by_experiment", "experiment", "at"),
)  # fmt: skip

features = Table(
    "features", metadata,
    Column("feature_set", Text, primary_key=True, comment="the version and a hash of the names"),
    Column("position", Integer, primary_key=True, comment="the place in a candidate's `features`, from 0"),
    Column("name", Text, nullable=False, comment="the name (docs/features.md)"),
)  # fmt: skip

losses = Table(
    "losses", metadata,
    Column("id", Text, primary_key=True, comment="unique, in the order of time"),
    Column("at", BigInteger, nullable=False, comment="when the loss was noted"),
    Column("install", Text, nullable=False, comment="the install that lost them"),
    Column("events", Integer, nullable=False, comment="how many failures and actions are not in the store"),
    Column("reason", Text, nullable=False, comment="why"),
)  # fmt: skip

TABLES = (failures, candidates, actions, exposures, features, losses)
"""Every table, in the order in which rows of one event are written."""
