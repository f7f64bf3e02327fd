"""One pass over the rows of a dataset that feeds all selected checks."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

from punie_train.checks.catalogue import Stage, named
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.arguments import ArgumentsAsObjects
from punie_train.checks.pre_training.balance import Balance
from punie_train.checks.pre_training.code_runs import CodeRuns
from punie_train.checks.pre_training.content import Content
from punie_train.checks.pre_training.coverage import Coverage
from punie_train.checks.pre_training.formats import FormatConsistency
from punie_train.checks.pre_training.known_calls import KnownCalls
from punie_train.checks.pre_training.lengths import Batches, PromptMasking, TokenLengths
from punie_train.checks.pre_training.model_view import ModelView
from punie_train.checks.pre_training.origin import Markers, Provenance, Secrets
from punie_train.checks.pre_training.parsed_calls import CallsParse
from punie_train.checks.pre_training.repetition import Contradictions, Leakage, NearDuplicates
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.checks.pre_training.structure import Structure, TrainerReads
from punie_train.checks.pre_training.system_prompt import SystemPrompt
from punie_train.checks.pre_training.template import FormatTokens, StopToken, TemplateRoundTrip
from punie_train.checks.result import CheckResult
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.inputs import Split
from punie_train.dataset.rows import Row, read_split_rows
from punie_train.dataset.said_words import said_words
from punie_train.dataset.validation import Validation

ROW_CHECKS: Mapping[str, type[RowCheck]] = {
    kind.name: kind
    for kind in (
        Structure,
        TrainerReads,
        FormatConsistency,
        Balance,
        Content,
        Coverage,
        SystemPrompt,
        ArgumentsAsObjects,
        CallsParse,
        KnownCalls,
        CodeRuns,
        TemplateRoundTrip,
        FormatTokens,
        StopToken,
        TokenLengths,
        Batches,
        PromptMasking,
        Leakage,
        NearDuplicates,
        Markers,
        Secrets,
        Provenance,
        Contradictions,
    )
}
TOGETHER = 256
"""Rows that are tokenized together."""


def survey(
    subject: Subject,
    names: Collection[str],
    *,
    on_rows: Callable[[int], None] | None = None,
) -> Mapping[str, CheckResult]:
    """Return the results of the checks of these names, in the catalogue's order.

    `on_rows` is told the number of rows judged so far. Raises DatasetError for files that cannot be
    read.
    """
    wanted = named(Stage.PRE_TRAINING, names)
    all_of_them = [ROW_CHECKS[check.name](subject) for check in wanted]
    with ExitStack() as closing:
        for one in all_of_them:
            closing.callback(one.close)
        reasons = {one.name: one.skipped() for one in all_of_them}
        running = [one for one in all_of_them if reasons[one.name] is None]
        feed = _Feed(subject, running, on_rows)
        closing.callback(feed.close)
        for finding in Validation(subject.data, read=feed.read).findings():
            for one in running:
                one.take_finding(finding)
        feed.finish()
        return {
            one.name: one.finish()
            if reasons[one.name] is None
            else CheckResult(check=one.check, skipped=reasons[one.name])
            for one in all_of_them
        }


class _Feed:
    """Passes rows on to who reads them, and in groups, rendered and tokenized, to the checks."""

    def __init__(
        self, subject: Subject, running: Sequence[RowCheck], on_rows: Callable[[int], None] | None
    ) -> None:
        self._running, self._on_rows, self._given = running, on_rows, 0
        self._model = subject.lent.model
        self._tokens = any(check.needs_tokens for check in running)
        self._words = any(check.needs_words for check in running)
        self._renders = self._tokens or any(check.needs_model for check in running)
        self._waiting: list[SeenRow] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tokens")
        self._encoding: tuple[list[SeenRow], Future[None]] | None = None

    def read(self, split: Split) -> Iterator[Row]:
        for row in read_split_rows(split):
            self._waiting.append(SeenRow(row, self._model.trained) if self._model else SeenRow(row))
            if len(self._waiting) >= TOGETHER:
                self._flush()
            yield row

    def finish(self) -> None:
        """Give the checks what is left."""
        self._flush()
        self._give()

    def close(self) -> None:
        """Wait for what is encoded."""
        self._thread.shutdown(cancel_futures=True)

    def _flush(self) -> None:
        """Start to encode the rows that wait; meanwhile give the checks those before."""
        rows, self._waiting = self._waiting, []
        model = self._model if self._renders else None
        if model is not None:
            for row in rows:
                if row.turns:
                    row.rendering = model.render(row)
        encoding = self._thread.submit(_encode, rows, model if self._tokens else None)
        self._give()
        self._encoding = rows, encoding

    def _give(self) -> None:
        if self._encoding is None:
            return
        (rows, encoded), self._encoding = self._encoding, None
        encoded.result()
        self._given += len(rows)
        if self._words:
            for row, said in zip(rows, said_words([row.value or {} for row in rows]), strict=True):
                row.said = said
        for accumulator in self._running:
            for row in rows:
                accumulator.take_row(row)
        if self._on_rows:
            self._on_rows(self._given)


def _encode(rows: Sequence[SeenRow], model: ModelView | None) -> None:
    """Tokenize what was rendered, and back; the tokenizer leaves Python's lock to others."""
    for plain in (False, True) if model is not None else ():
        some = [
            row
            for row in rows
            if row.rendering is not None
            and row.rendering.problem is None
            and (row.format is ExampleFormat.TEXT) is plain
        ]
        texts = [row.rendering.text for row in some if row.rendering is not None]
        if model is None or not texts:
            continue
        encodings = model.encode(texts, plain)
        decoded = model.decode(encodings)
        for row, text, encoded, back in zip(some, texts, encodings, decoded, strict=True):
            row.encoded, row.survives = encoded, back.strip() == text.strip()
