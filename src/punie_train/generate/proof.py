"""Is a draft fit to be a row? Its code runs in the sandbox, its results are not empty."""

import re
from collections.abc import Iterator

from punie_train.core.code_observations import CodeObservation, CodeRun, RunEnd
from punie_train.dataset.control_tokens import control_token
from punie_train.generate.drafts import Draft, all_calls, said_by_assistant
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.grammar.samples import Sample

_FENCE = re.compile(r"```python\n(.*?)\n?```", re.DOTALL)
_FOREIGN = "Monty"
"""The sandbox's own name: output that holds it is not what a user's Python prints."""


def programs_of(draft: Draft) -> Iterator[tuple[str, bool]]:
    """Yield every program in a draft, and whether it may call the typed tools."""
    for call in all_calls(draft.sample):
        if call.name == "execute_code":
            yield call.arguments["code"], True
        elif call.name == "write_file":
            path, content = call.arguments["path"], call.arguments["content"]
            if path.endswith(".py") and path not in draft.joined:
                yield content, False
    for text in said_by_assistant(draft.sample):
        for code in _FENCE.findall(text):
            yield code, False
    for code in draft.programs:
        yield code, False


def is_proven(draft: Draft, sandbox: Sandbox) -> bool:
    """Say whether all code of a draft runs to its end and all of its texts can be learnt.

    Code in code mode is type-checked and run against three sets of results (findings, none, tools
    that fail) and, until every field of the sample was read, against others made for it; all runs
    must end well. Raises SandboxError when the sandbox itself does not work.
    """
    sample = draft.sample
    if any(m.role == "tool" and not m.content.strip() for m in sample.history):
        return False
    texts = (*(m.content for m in sample.history), sample.text)
    if any(control_token(text) or _FOREIGN in text for text in texts):
        return False
    for code, typed in programs_of(draft):
        if typed:
            if not _holds(sandbox.observe(code, wanted=frozenset(sample.fields)), sample):
                return False
        elif not _ended_well(sandbox.run(code)):
            return False
    return True


def _holds(seen: CodeObservation, sample: Sample) -> bool:
    """Say whether code fits the types, always ends well, and reads what the sample says it reads.

    A run that only the record of fields kept from its end counts by its repetition without one.
    """
    if seen.type_problems:
        return False
    if (again := seen.unrecorded) is not None:
        others = (run for run in seen.runs if run.end is not RunEnd.UNSUPPORTED)
        return _ended_well(again) and all(map(_ended_well, others))
    return all(map(_ended_well, seen.runs)) and seen.fields >= frozenset(sample.fields)


def _ended_well(run: CodeRun) -> bool:
    return run.end is RunEnd.DONE and not run.attempts and _FOREIGN not in run.output
