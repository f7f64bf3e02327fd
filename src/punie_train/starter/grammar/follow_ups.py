"""Second requests that refer to what was done before."""

from random import Random

from punie_train.core.messages import Message, ToolCall
from punie_train.starter.grammar.agent_calls import MAKERS
from punie_train.starter.grammar.framing import quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase, sentence
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.tool_results import (
    ENDS,
    called,
    closing,
    result_of,
    started,
    tool_turn,
)

_FOLLOW = {
    "get_terminal_output": (
        "(what does it say|what did it print|show me (its|the) output|and the output|what is the "
        "output|how far is it|any "
        "output|any news|is there (any |)output (yet|already|by now)|let me see what it printed|"
        "what has it printed so far|"
        "(check|read|get|fetch) (its|the) output|is it up|did it start|what is going on there|"
        "print the log)(?|.|)"
    ),
    "wait_for_terminal_exit": (
        "(wait for it|wait until it is done|let it finish|wait until it finishes|wait for it to "
        "end|wait for that|tell me when "
        "it is done|wait for it to finish|hold on until it has finished|let me know when it "
        "ends)(.|)"
    ),
    "kill_terminal": (
        "(kill it|stop it|terminate it|abort|cancel that|stop that|kill that|end it|it hangs, "
        "kill it|stop it again|shut it "
        "down|that takes too long, stop it|never mind, kill it|interrupt it|abort it|enough, stop "
        "it)(.|)"
    ),
    "release_terminal": (
        "(release it|free it|free the terminal|release the terminal|let it go|give it back|we are "
        "done with it|clean up the "
        "terminal|i am done with it, release it|you can release it|i no longer need it|drop it)(.|)"
    ),
}


def followed(rng: Random, names: Names) -> Sample:
    """Return a second request that refers to what was done before."""
    match rng.randrange(5):
        case 0 | 1 | 2:
            words, start = MAKERS["run_command"](rng, names)
            terminal = names.terminal()
            history = [
                *user(words),
                called(start),
                tool_turn("run_command", started(rng, terminal)),
            ]
            step = rng.choice(list(_FOLLOW))
            history.append(
                Message(
                    role="assistant",
                    content=rng.choice(("Started.", "Started.", "It runs.")),
                )
            )
            earlier = [
                tool for tool in ("get_terminal_output", "wait_for_terminal_exit") if tool != step
            ]
            rng.shuffle(earlier)
            for other in earlier[: rng.choice((0, 0, 1, 1, 2))]:
                one = ToolCall(name=other, arguments={"terminal_id": terminal})
                result = result_of(rng, names, one)
                reply = ENDS.get(other) or closing(rng, result)
                history += [
                    *user(_cased(rng, phrase(rng, _FOLLOW[other]))),
                    called(one),
                    tool_turn(other, result),
                    Message(role="assistant", content=reply),
                ]
            wanted = ToolCall(name=step, arguments={"terminal_id": terminal})
            history += user(
                _cased(
                    rng,
                    phrase(
                        rng,
                        "(|||now |ok, |please |then |and now |good, |thanks, )" + _FOLLOW[step],
                    ),
                )
            )
            return Sample(
                history=tuple(history),
                calls=(wanted,),
                category="tool_calling",
                tags=("multi-turn", "history"),
            )
        case 3:
            tool = rng.choice(list(MAKERS))
            words, one = MAKERS[tool](rng, names)
            _, two = MAKERS[tool](rng, names)
            result = result_of(rng, names, one)
            reply = ENDS.get(tool) or closing(rng, result)
            if tool == "write_file":
                two = call(
                    "write_file",
                    path=two.arguments["path"],
                    content=one.arguments["content"],
                )
            value = next(iter(two.arguments.values()))
            again = phrase(
                rng,
                "(|now |and |ok, |good, |thanks, )(the same for|do the same (for|with)|and|what "
                "about|how about|do that "
                "for|now|likewise for|also|same for|same with|repeat that for|once more with) "
                "{v}(.|?|)",
                {"v": quoted(rng, value)},
            )
            history = [
                *user(words),
                called(one),
                tool_turn(tool, result),
                Message(role="assistant", content=reply),
                *user(_cased(rng, again)),
            ]
            return Sample(
                history=tuple(history),
                calls=(two,),
                category="tool_calling",
                tags=("multi-turn", "history"),
            )
        case _:
            first, one = MAKERS[rng.choice(list(MAKERS))](rng, names)
            words, two = MAKERS[rng.choice(list(MAKERS))](rng, names)
            result = result_of(rng, names, one)
            reply = ENDS.get(one.name) or closing(rng, result)
            history = [
                *user(first),
                called(one),
                tool_turn(one.name, result),
                Message(role="assistant", content=reply),
                *user(words),
            ]
            return Sample(
                history=tuple(history),
                calls=(two,),
                category="tool_calling",
                tags=("multi-turn", "history"),
            )


def _cased(rng: Random, text: str) -> str:
    return sentence(text) if rng.random() < 0.7 else text
