"""Failures of training data."""

from punie_train.core.failure_catalogue.failure import Failure

DATA = {
    "F30": Failure(
        symptom="the loss falls and no score moves",
        cause="the calls are written in a format that is not evaluated",
        caught_by="every call is read by the evaluation's parser",
        message="the loss falls, and an agent gets none of these calls. Write calls as "
        "`tool_calls`, which the model's own template renders",
    ),
    "F31": Failure(
        symptom="the model calls a tool to say hello",
        cause="hardly a row without a call",
        caught_by="the balance check",
        message="training rows call a tool, expected ... the model calls tools for everything, or "
        "for nothing. Add rows of the rarer kind",
    ),
    "F32": Failure(
        symptom="the model makes up empty results",
        cause="placeholders stood where results should",
        caught_by="the content check",
        message="the result is '[Tool execution completed]': the model learns to answer with "
        "nothing. Write what the tool really returned, or remove the row.",
    ),
    "F33": Failure(
        symptom="no field of a result is ever read",
        cause="next to no row shows it",
        caught_by="the coverage check, with shares",
        message="training rows read a field of a result, expected ... the model learns to call "
        "tools and not to read what they return. Add code that reads fields of results",
    ),
    "F34": Failure(
        symptom="part of the rows has no effect",
        cause="a merge joined two formats",
        caught_by="format consistency, by the first row",
        message="the first row decides how all are read, and the others are lost. Bring all rows "
        "of all splits into one format",
    ),
    "F35": Failure(
        symptom="the model behaves in several ways",
        cause="a merge joined several system prompts",
        caught_by="the check of the system prompt",
        message="has the system prompt ... the model learns what it will never be asked with. Give "
        "all rows the system prompt that the model will be asked with.",
    ),
    "F36": Failure(
        symptom="answers are learnt and calls are not",
        cause="prompt masking trains the last message only",
        caught_by="a check; run cuts a row for each turn of the assistant",
        message="with mask_prompt only the last answer is trained, these calls are not. Cut one "
        "row for each answer",
    ),
    "F37": Failure(
        symptom="the loss is not a number",
        cause="the answer lies behind max_seq_length",
        caught_by="lengths in tokens of the real tokenizer",
        message="the loss is not a number, or the answer is learnt without its end. Raise "
        "max_seq_length in the run configuration, or shorten or remove the row.",
    ),
    "F38": Failure(
        symptom="the longest rows are never learnt",
        cause="rows that fill no batch are dropped",
        caught_by="rows against the batch size, with their lines",
        message="rows fill no batch of 4 and are dropped (line ... the rows are never trained. Add "
        "rows or remove some until the batches are full, or change batch_size.",
    ),
    "F39": Failure(
        symptom="arguments with backslashes",
        cause="they were encoded twice",
        caught_by="arguments must be objects",
        message="the arguments are a JSON string: the model learns a format that no parser reads. "
        "Write an object",
    ),
    "F40": Failure(
        symptom="a great score that users cannot see",
        cause="the cases are in the training data",
        caught_by="the leakage check: exact, normalized and near",
        message="a message is the prompt of evaluation case ... the scores say how well the model "
        "remembers. Take the rows out: `punie-train dataset decontaminate`.",
    ),
    "F41": Failure(
        symptom="replies are numbered",
        cause="the generator numbered its examples",
        caught_by="the check of markers and copies",
        message="holds a marker in brackets: the model learns to write them. Take it out: "
        "`punie-train dataset redact`.",
    ),
    "F42": Failure(
        symptom="code that was checked by hand does not run",
        cause="nobody had run it",
        caught_by="every program of the data is run in the sandbox",
        message="the code fails ... the model learns code that fails. Correct the code, or remove "
        "the row.",
    ),
    "F43": Failure(
        symptom="the format is never learnt to the letter",
        cause="its special token is several tokens of this tokenizer",
        caught_by="the check of the format's tokens",
        message="is no single token of starter ... the model learns the letters of a token instead "
        "of the token. Choose a model whose tokenizer knows the token",
    ),
    "F44": Failure(
        symptom="calls of tools that do not exist",
        cause="the generator made them up",
        caught_by="calls are held to the schemas of their tools",
        message="which is not in `tools`: the model learns tools and arguments that do not exist. "
        "Add the tool to `tools`, or correct the name.",
    ),
    "F45": Failure(
        symptom="a dataset that is shorter than it was",
        cause="a crash while a file was written in place",
        caught_by="files are written aside; the manifest has counts and hashes",
        message="manifest-mismatch ... Restore the file, or write the manifest again.",
    ),
    "F46": Failure(
        symptom="a dataset ends early, or not at all",
        cause="a reader met one bad line",
        caught_by="the line is named, and what is kept and removed adds up",
        message="not-json ... Write one complete JSON object per line, in UTF-8.",
    ),
    "F47": Failure(
        symptom="the model tells a key",
        cause="logs were copied into the data",
        caught_by="the scan for secrets",
        message="holds what looks like a secret ... the model can tell them to anybody. Take it "
        "out with `punie-train dataset redact`, and revoke it: it may have been read.",
    ),
    "F48": Failure(
        symptom="a model that may not be used",
        cause="its data was written by a model whose terms forbid it",
        caught_by="the audit, before the download and in the manifest",
        message="it forbids commercial use ... the model may not be used, or nobody knows whether "
        "it may. Leave the rows out, or read the terms: `punie-train dataset audit`.",
    ),
}
"""By id."""
