"""The known sources of training data, licences and models, as `sources.yaml` tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

SAMPLE = "sample"
_LISTS = ("generation_models", "files", "about_in")


class Author(StrEnum):
    """Who wrote what a model would learn to imitate."""

    HUMAN = "human"
    MODEL = "model"
    PROGRAM = "program"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where rows come from, who wrote them, and how they become chat examples.

    `licence` is the licence of the collection in the hub's spelling, `content_licence` the one of
    the texts in it where that is another. `about` is a word that one of the columns `about_in` must
    hold for a row to be taken; "" takes every row.
    """

    name: str
    title: str
    licence: str | None = None
    content_licence: str | None = None
    written_by: Author = Author.UNKNOWN
    generation_models: tuple[str, ...] = ()
    origin: str = ""
    ethics: str = ""
    repository: str | None = None
    config: str | None = None
    split: str = "train"
    files: tuple[str, ...] = ()
    builder: str | None = None
    converter: str = "chat"
    about: str = ""
    about_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a licence, or the terms of a model, say of training; `why` if they do not allow it."""

    name: str
    allows: bool
    asks: str = ""
    terms: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything in `sources.yaml`."""

    sources: Mapping[str, Source]
    licences: Mapping[str, Terms]
    models: Mapping[str, Terms]

    def model(self, name: str) -> Terms | None:
        """Return the terms of a model by the start of its name; the longest start decides."""
        plain = name.lower().rpartition("/")[2]
        known = sorted((start for start in self.models if plain.startswith(start)), key=len)
        return self.models[known[-1]] if known else None


@cache
def catalogue() -> Catalogue:
    """Return what `sources.yaml` in this package says."""
    value = yaml.safe_load(
        (files("punie_train.dataset") / "sources.yaml").read_text(encoding="utf-8")
    )
    return Catalogue(
        sources=MappingProxyType(
            {name: _source(name, entry) for name, entry in value["sources"].items()}
        ),
        licences=_terms(value["licences"]),
        models=_terms(value["models"]),
    )


def _source(name: str, entry: dict[str, Any]) -> Source:
    fields: dict[str, Any] = {
        key: tuple(value) if key in _LISTS else value for key, value in entry.items()
    }
    fields["written_by"] = Author(entry["written_by"])
    return Source(name=name, **fields)


def _terms(entries: dict[str, dict[str, Any]]) -> Mapping[str, Terms]:
    return MappingProxyType({name: Terms(**entry) for name, entry in entries.items()})
