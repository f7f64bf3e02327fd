"""Run the checks of a fused or quantized model: files, weights, and replies beside its source's."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from punie_train.checks.live_reply import Live
from punie_train.checks.made_model.checks import judge_made
from punie_train.checks.made_model.model import KeptFiles, MadeModel, StoredWeights
from punie_train.checks.result import CheckResult
from punie_train.core.errors import ArtifactError, PunieTrainError
from punie_train.core.retention import ReplyAgreement, SignalRetention
from punie_train.evals.replies import parse_turns
from punie_train.mlx.adapter_manifest import STARTER, read_manifest
from punie_train.mlx.fingerprints import chat_template
from punie_train.mlx.kept_files import differences, eos_tokens
from punie_train.mlx.model_manifest import ModelManifest, read_model_manifest
from punie_train.mlx.model_weights import WEIGHT_FILES, ModelWeights
from punie_train.mlx.retention import measure_signal
from punie_train.mlx.safetensors_reader import inspect_values
from punie_train.mlx.trained_format import trained_format
from punie_train.workflows.check_adapter import wanted_adapter
from punie_train.workflows.check_plan import CheckPlan
from punie_train.workflows.conversion_plan import Origin, origin_of, recorded_origin
from punie_train.workflows.find_model import find_model
from punie_train.workflows.probe_replies import agreement
from punie_train.workflows.wanted import BASE, Wanted, slug

T = TypeVar("T")

_ADAPTER_ENDS = ("lora_a", "lora_b")


def check_made_model(
    made: Path, names: Collection[str], plan: CheckPlan, *, quantized: bool
) -> Mapping[str, CheckResult]:
    """Return the results of the named checks on a model directory.

    What it was made from is taken from --adapter and --model, else from its manifest. Servers are
    started, and weights compared, only for the checks that need it.
    """
    checked = _Checked(made, plan, quantized=quantized)
    subject = MadeModel(
        path=made,
        limits=plan.limits,
        quantized=quantized,
        files=_or_error(checked.files),
        weights=_or_error(checked.weights),
        signal=checked.signal,
        agreement=checked.agreement,
        live=checked.live,
        calls_written=checked.calls_written,
    )
    return judge_made(subject, names)


class _Checked:
    """One made model, looked at where a check asks for it."""

    def __init__(self, made: Path, plan: CheckPlan, *, quantized: bool) -> None:
        self._made, self._plan, self._quantized = made, plan, quantized
        self._wanted = Wanted(name=slug(made.resolve().name), model=str(made))

    @cached_property
    def _manifest(self) -> ModelManifest | None:
        return read_model_manifest(self._made)

    @cached_property
    def _origin(self) -> tuple[Origin | None, str]:
        """Return adapter and base, or why they are not known; raises ArtifactError."""
        plan = self._plan
        if plan.adapter is not None:
            return origin_of(plan.adapter, plan.model, plan.settings), ""
        origin, notes = recorded_origin(str(self._made), self._manifest, plan.settings)
        return origin, " ".join(notes)

    @cached_property
    def _source(self) -> tuple[str, Path] | None:
        """Return the model whose weights were converted, None where it is unknown or gone."""
        plan = self._plan
        named = self._manifest.source if self._manifest else None
        origin = self._origin[0]
        for name in (named, plan.model, origin.base_name if origin else None):
            if name is not None:
                try:
                    return name, find_model(plan.settings.located(name, STARTER))
                except ArtifactError:
                    continue
        return None

    def files(self) -> KeptFiles:
        """Return end tokens, template, tokenizer, and what is not as in the source."""
        made, source = self._made, self._source
        return KeptFiles(
            end_tokens=tuple(sorted(eos_tokens(made))),
            template=bool(chat_template(made)),
            tokenizer=(made / "tokenizer.json").is_file(),
            source=source[0] if source else None,
            differences=tuple(differences(source[1], made)) if source else (),
        )

    def weights(self) -> StoredWeights:
        """Return how the matrices are stored, beside what was intended."""
        weights = ModelWeights(self._made)
        if not weights.tensors:
            raise ArtifactError(
                f"{self._made} holds no {WEIGHT_FILES}",
                "there is no model to check",
                "Make it again, or correct the path",
            )
        own = {name for name in weights.modules if isinstance(weights.quantization.get(name), dict)}
        found = {name: each for name in weights.modules if (each := weights.quantized(name))}
        plain = [each for name, each in found.items() if name not in own]
        stored = Counter(
            f"{each.bits} bits, groups of {each.group_size}" for each in found.values()
        )
        if whole := len(weights.modules) - len(found):
            stored["not quantized"] = whole
        return StoredWeights(
            matrices=len(weights.modules),
            stored=tuple(stored.most_common()),
            bits=tuple(sorted({each.bits for each in plain})),
            groups=tuple(sorted({each.group_size for each in plain})),
            intended=self._intended(weights),
            broken=tuple(
                value.name
                for path in sorted(self._made.glob(WEIGHT_FILES))
                for value in inspect_values(path)
                if not value.finite
            ),
            leftovers=tuple(name for name in weights.tensors if name.endswith(_ADAPTER_ENDS)),
        )

    def _intended(self, weights: ModelWeights) -> tuple[int, int] | None:
        limits, manifest = self._plan.limits, self._manifest
        asked = manifest.parameters if manifest else {}
        if not self._quantized and asked.get("dequantize") is not False:
            return None
        written = weights.quantization
        bits = limits.bits or asked.get("bits") or written.get("bits")
        group = limits.group_size or asked.get("group_size") or written.get("group_size")
        return (bits, group) if isinstance(bits, int) and isinstance(group, int) else None

    def signal(self) -> SignalRetention | str:
        """Return what is left of the adapter in the weights, or why it cannot be measured."""
        origin, reason = self._origin
        if origin is None:
            return reason
        found = measure_signal(origin.base, origin.adapter, self._made)
        return found or "none of the adapter's matrices is found in both models"

    def agreement(self) -> ReplyAgreement | str:
        """Return the replies beside those of adapter and base, or of the source without one."""
        servers, (origin, reason) = self._plan.servers, self._origin
        if servers is None:
            return "no server was asked for"
        bare = None
        if origin is not None:
            wanted = wanted_adapter(origin.adapter, self._plan)
            if read_manifest(origin.adapter) is None:
                wanted = Wanted(name=wanted.name, adapter=wanted.adapter, model=str(origin.base))
            reference = servers.ask(wanted, servers.probes)
            bare = servers.ask(Wanted(name=BASE, model=str(origin.base)), servers.probes)
        elif self._source is not None:
            wanted = Wanted(name=slug(Path(self._source[0]).name), model=str(self._source[1]))
            reference = servers.ask(wanted, servers.probes)
        else:
            return reason
        made = servers.ask(self._wanted, servers.probes)
        return agreement(
            servers.probes, name=wanted.name, reference=reference, made=made, bare=bare
        )

    def live(self) -> Live:
        """Return the replies of the made model."""
        servers = self._plan.servers
        return servers.live(self._wanted) if servers else Live()

    def calls_written(self) -> tuple[int, ...]:
        """Return the number of whole calls in each reply."""
        servers = self._plan.servers
        if servers is None:
            return ()
        trained, replies = trained_format(self._made), self.live().replies
        return tuple(
            len(parse_turns((reply,), probe.tools, trained).calls)
            for probe, reply in zip(servers.probes, replies, strict=True)
        )


def _or_error(read: Callable[[], T]) -> T | PunieTrainError:
    try:
        return read()
    except PunieTrainError as error:
        return error
