"""Code that tries to get out, or to take everything, does nothing to the host and is told."""

import contextlib
import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest

from punie_train.core.code_observations import RunEnd
from punie_train.sandbox.run_code import Limits, Sandbox


def test_files_are_out_of_reach(sandbox: Sandbox, tmp_path: Path) -> None:
    """Reading, writing and removing files is refused; the files are as before."""
    secret = tmp_path / "secret.txt"
    secret.write_text("42")
    read = sandbox.run(f"print(open({str(secret)!r}).read())")
    assert (read.end, read.output) == (RunEnd.BLOCKED, "")
    assert read.attempts == (f"open('{secret}', 'r')",)
    assert read.reason.startswith("the sandbox does not have this: PermissionError")
    written = sandbox.run(f"from pathlib import Path\nPath('{tmp_path}/new').write_text('x')")
    removed = sandbox.run(f"import os\nos.remove('{secret}')")
    assert {written.end, removed.end} == {RunEnd.BLOCKED}
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]
    assert secret.read_text() == "42"


def test_an_attempt_that_is_caught_is_still_told(sandbox: Sandbox) -> None:
    """Code that swallows the refusal runs on, and what it tried is in the record."""
    run = sandbox.run(
        "try:\n    open('/etc/passwd')\nexcept OSError:\n    pass\n"
        "try:\n    import subprocess\nexcept ImportError:\n    print('no')"
    )
    assert (run.end, run.output) == (RunEnd.DONE, "no\n")
    assert run.attempts == ("open('/etc/passwd', 'r')", "import subprocess")


def test_the_environment_is_out_of_reach(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of the host are not shown."""
    monkeypatch.setenv("PUNIE_SECRET", "s3cret")
    run = sandbox.run("import os\nprint(os.environ.get('PUNIE_SECRET'))")
    assert run.end is RunEnd.BLOCKED
    assert "s3cret" not in run.output


def test_the_network_is_out_of_reach(sandbox: Sandbox) -> None:
    """A server on this machine is not reached by any module of the network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        for code in (
            f"import socket\nsocket.create_connection(('127.0.0.1', {port}))",
            f"import urllib.request\nurllib.request.urlopen('http://127.0.0.1:{port}')",
            f"import httpx\nhttpx.get('http://127.0.0.1:{port}')",
        ):
            run = sandbox.run(code)
            assert run.end is RunEnd.BLOCKED
            assert run.attempts[0].startswith("import ")
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess\nsubprocess.run(['touch', '{mark}'])",
        "import os\nos.system('touch {mark}')",
        "import os\nos.fork()",
        "import multiprocessing",
        "import ctypes",
        "__import__('os').system('touch {mark}')",
        "eval(\"__import__('os').system('touch {mark}')\")",
    ],
    ids=["subprocess", "system", "fork", "multiprocessing", "ctypes", "import", "eval"],
)
def test_no_process_is_started(sandbox: Sandbox, tmp_path: Path, code: str) -> None:
    """Nothing is run on the host, and it is said what is missing."""
    run = sandbox.run(code.replace("{mark}", str(tmp_path / "mark")))
    assert run.end is RunEnd.BLOCKED
    assert run.reason.startswith("the sandbox does not have this")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    ],
    ids=["loop", "loop-that-catches"],
)
def test_an_endless_loop_ends(code: str) -> None:
    """The time limit ends it, and the next run is as if nothing had been."""
    with Sandbox(Limits(seconds=0.3)) as short:
        run = short.run(code)
        assert run.end is RunEnd.TIME
        assert run.reason.startswith("the code takes too long")
        assert short.run("print(1)").output == "1\n"


def test_the_limits_are_five_seconds_and_256_megabytes() -> None:
    """What the product promises is what it asks of the sandbox."""
    assert (Limits().seconds, Limits().memory) == (5.0, 256 * 1024 * 1024)


@pytest.mark.parametrize(
    "code",
    [
        "x = [0] * (10 ** 9)",
        "x = 'a' * 10\nwhile True: x = x + x",
        "x = []\nwhile True: x.append('a' * 100000 + str(len(x)))",
        "print(2 ** 10 ** 10)",
    ],
    ids=["list", "doubling", "appending", "power"],
)
def test_a_memory_bomb_is_defused(sandbox: Sandbox, code: str) -> None:
    """The memory limit ends it; neither this process nor the worker grows by it."""
    run = sandbox.run(code)
    assert run.end is RunEnd.MEMORY
    assert run.reason.startswith("the code takes too much memory")
    me = psutil.Process()
    grown = [each.memory_info().rss for each in me.children() if each.name() == "monty"]
    assert all(size < 400 * 1024 * 1024 for size in grown)
    assert sandbox.run("print(1)").output == "1\n"


def test_a_flood_of_output_is_cut(sandbox: Sandbox) -> None:
    """Printing without end fills neither memory nor the record."""
    run = sandbox.run("while True: print('x' * 10000)")
    assert run.end in (RunEnd.MEMORY, RunEnd.TIME)
    assert len(run.output) <= 200_000


def test_calls_without_end_are_cut(sandbox: Sandbox) -> None:
    """A loop over calls of tools has a limit of its own, and the record stays short."""
    run = sandbox.run("while True: typecheck('a').success")
    assert run.end is RunEnd.CALLS
    assert "more than 10000 times" in run.reason
    assert len(run.calls) == 100


def test_sleeping_costs_nothing(sandbox: Sandbox) -> None:
    """An hour's sleep returns at once."""
    run = sandbox.run("import time\nfor _ in range(10): time.sleep(3600)\nprint('awake')")
    assert (run.end, run.output) == (RunEnd.DONE, "awake\n")


@pytest.mark.parametrize(
    "code",
    [
        "x = []\nfor _ in range(100000): x = [x]\ntypecheck(x)",
        "x = []\nfor _ in range(100000): x = [x]\nx",
        "x = []\nx.append(x)\ntypecheck(x)",
        "def f(): f()\nf()",
        "(" * 5000 + ")" * 5000,
        "raise SystemExit(3)",
        "raise KeyboardInterrupt",
    ],
    ids=["deep-argument", "deep-value", "cycle", "recursion", "parens", "exit", "interrupt"],
)
def test_odd_values_do_not_reach_the_host(sandbox: Sandbox, code: str) -> None:
    """Deep, cyclic and endless things end the run at most."""
    assert sandbox.run(code).end in (RunEnd.ERROR, RunEnd.DONE, RunEnd.SYNTAX)
    assert sandbox.run("print(1)").output == "1\n"


def test_the_worker_ends_with_the_sandbox() -> None:
    """No process is left behind, and the sandbox can be used again."""
    before = set(psutil.Process().children())
    live = Sandbox()
    assert live.run("print(1)").end is RunEnd.DONE
    workers = [child for child in psutil.Process().children() if child not in before]
    assert [worker.name() for worker in workers] == ["monty"]
    live.close()
    live.close()
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert alive == []
    assert live.run("print(2)").output == "2\n"
    live.close()


def test_a_worker_that_is_killed_is_replaced(sandbox: Sandbox) -> None:
    """A worker that somebody else kills costs nothing but itself: the code is run again."""
    sandbox.run("print(1)")
    before = {child.pid for child in psutil.Process().children() if child.name() == "monty"}
    for pid in before:
        os.kill(pid, 9)
    time.sleep(0.1)
    assert sandbox.run("print(1)").end is RunEnd.DONE
    assert sandbox.run("print(2)").output == "2\n"


def test_code_whose_worker_dies_twice_has_crashed(sandbox: Sandbox) -> None:
    """Then it is the code's fault: here every worker is killed once it is at work."""
    killed: set[int] = set()
    over = threading.Event()

    def kill_workers() -> None:
        while not over.wait(0.01):
            for child in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    if child.name() == "monty" and child.cpu_times().user > 0.3:
                        child.kill()
                        killed.add(child.pid)

    killer = threading.Thread(target=kill_workers)
    killer.start()
    try:
        run = sandbox.run("while True: pass")
    finally:
        over.set()
        killer.join()
    assert run.end is RunEnd.CRASHED, run.reason
    assert len(killed) == 2
    assert sandbox.run("print(1)").output == "1\n"
