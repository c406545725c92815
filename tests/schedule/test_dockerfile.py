"""The image: its file linted by checks of our own, and its steps run without an engine as far as they go.

Not run: the base image, `python -m venv`, and the packages that pip would fetch; the wheel is built by the real
backend where it is installed, and laid out as pyproject.toml says where it is not.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from auditscan.version import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def steps():
    """Return the instructions of the Dockerfile in order: (word, rest)."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], " ".join(line.split()[1:])) for line in joined]


def rest(word):
    return [what for each, what in steps() if each == word]


def last_stage():
    found = steps()
    return found[max(number for number, (word, _) in enumerate(found) if word == "FROM") :]


def in_context(path):
    """Whether .dockerignore lets a path into the build; the last line that fits it decides."""
    decided = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        wanted, pattern = line.startswith("!"), line.removeprefix("!")
        above = [path, *(str(parent) for parent in Path(path).parents if str(parent) != ".")]
        deep = pattern.removeprefix("**/")
        if any(fnmatch(each, pattern) or (deep != pattern and fnmatch(Path(each).name, deep)) for each in above):
            decided = wanted
    return decided


def test_instructions_are_ones_we_know():
    assert {word for word, _ in steps()} <= {
        *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }


def test_the_base_is_one_release_that_our_python_allows():
    bases = {each.split()[0] for each in rest("FROM")}
    assert len(bases) == 1
    found = re.fullmatch(r"python:(3\.\d+)-slim-[a-z]+", bases.pop())
    assert found is not None, "no tag, or one that moves from release to release"
    least = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert tuple(map(int, found[1].split("."))) >= tuple(map(int, least.split(".")))


def test_it_runs_as_nobody_and_as_the_pod_does():
    words = [word for word, _ in last_stage()]
    user = [what for word, what in last_stage() if word == "USER"]
    assert re.fullmatch(r"(\d{5}):\1", user[-1])
    assert words.index("USER") > max(number for number, word in enumerate(words) if word in ("RUN", "COPY"))
    number = int(user[-1].split(":")[0])
    template = ROOT / "src/auditscan/schedule/templates/kubernetes.yaml"
    assert set(map(int, re.findall(r"(?:runAsUser|runAsGroup|fsGroup): (\d+)", template.read_text()))) == {number}
    assert f"--owner={number} --group={number} --mode=0700 /ledger" in " ".join(rest("RUN"))


def test_it_starts_without_a_shell():
    (entry,), (command,) = rest("ENTRYPOINT"), rest("CMD")
    program = Path(json.loads(entry)[0])
    assert program.name in PROJECT["project"]["scripts"]
    assert json.loads(command) == ["--help"]
    assert rest("HEALTHCHECK") == ["NONE"]
    # The program is where the build put it, at the same path: the first line of a script names its Python.
    folder = str(program.parents[1])
    assert f"--from=build {folder} {folder}" in rest("COPY")
    assert f"python -m venv {folder}" in rest("RUN")


def test_steps_leave_nothing_behind_and_fetch_nothing_by_hand():
    for command in rest("RUN"):
        words = shlex.split(command)
        assert not {"curl", "wget", "sudo", "sh", "bash", "chmod"} & set(words)
        assert "apt-get" not in words or "rm -rf /var/lib/apt/lists/*" in command
        assert "pip" not in words or "--no-cache-dir" in words
    assert not any(re.search("(?i)password|secret|token|key", what) for what in rest("ENV"))


def test_only_what_is_needed_goes_into_the_build():
    for what in rest("COPY"):
        if not what.startswith("--from="):
            for source in what.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert in_context(source), source
    for kept_out in (
        *(
            ".git/config",
            "case.duckdb",
            "queries/case.duckdb",
            "auditscan.toml",
            "auditscan.key",
            "ledger/ledger.duckdb",
        ),
        *("tests/conftest.py", "bench/data/x", ".venv/bin/python", "src/auditscan/__pycache__/x.pyc", "Dockerfile"),
    ):
        assert not in_context(kept_out), kept_out
    for needed in ("src/auditscan/schedule/templates/kubernetes.yaml", "queries/README.md", "sample_logs/broken.csv"):
        assert in_context(needed), needed


def copied(folder):
    """Do what the COPY steps of the first stage do, with what .dockerignore lets in."""
    for what in rest("COPY"):
        if what.startswith("--from="):
            continue
        *sources, target = what.split()
        for source in sources:
            files = [ROOT / source] if (ROOT / source).is_file() else (ROOT / source).rglob("*")
            for file in files:
                name = file.relative_to(ROOT)
                if file.is_file() and in_context(str(name)):
                    place = folder / (name if target == "./" else target / name.relative_to(source))
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, place)


def installed_wheel(source, target):
    """Build the wheel and unpack it, or lay out what it would hold."""
    if find_spec("hatchling") is not None:
        (source / "dist").mkdir()
        build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
        subprocess.run([sys.executable, "-c", build, "dist"], cwd=source, check=True, capture_output=True)
        (wheel,) = (source / "dist").glob("*.whl")
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(target)
        return
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    for folder in wheel["only-include"]:
        (prefix,) = (each for each in wheel["sources"] if Path(folder).is_relative_to(each))
        place = target / wheel["sources"][prefix] / Path(folder).relative_to(prefix)
        shutil.copytree(source / folder, place, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Return the folder of the installed package, made by the steps, that nobody may write to."""
    folder = tmp_path_factory.mktemp("image")
    copied(folder / "build")
    installed_wheel(folder / "build", folder / "packages")
    for path in (folder / "packages").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder / "packages"
    for path in (folder / "packages").rglob("*"):
        path.chmod(0o755)


def run_in(image, *arguments):
    environment = {"PYTHONPATH": str(image), "TMPDIR": os.environ.get("TMPDIR", "/tmp")}
    environment |= dict(word.split("=", 1) for word in shlex.split(rest("ENV")[0]))
    return subprocess.run(
        # -P: not what lies in the working folder.
        [sys.executable, "-P", "-m", "auditscan", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment,
        cwd="/",
        timeout=60,
    )


def test_the_installed_package_runs_on_its_own(image):
    done = run_in(image, "--version")
    assert (done.returncode, done.stdout) == (0, f"auditscan {__version__}\n")
    assert (image / "auditscan" / "queries" / "rules").is_dir()
    assert (image / "auditscan" / "sample_logs" / "clean.ndjson").is_file()


def test_it_scans_and_schedules_from_a_tree_it_cannot_write_to(image, tmp_path):
    before = sorted(image.rglob("*"))
    log = image / "auditscan" / "sample_logs" / "clean.ndjson"
    done = run_in(
        image, "--no-config", "scan", str(log), "--db", str(tmp_path / "case.duckdb"), "--as-of", "2026-01-01"
    )
    assert done.returncode == 10, done.stderr
    done = run_in(image, "--no-config", "schedule", "kubernetes", "--logs", "/logs", "--ledger", "/ledger")
    assert done.returncode == 0, done.stderr
    assert len(list(yaml.safe_load_all(done.stdout))) == 4
    assert sorted(image.rglob("*")) == before


@pytest.mark.skipif(
    shutil.which("useradd") is None or os.geteuid() != 0, reason="needs useradd, and root to use it on another tree"
)
def test_the_user_is_made(tmp_path):
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "group", "shadow", "gshadow"):
        (tmp_path / "etc" / name).touch()
    (command,) = (command for command in rest("RUN") if "useradd" in command)
    for each in command.split(" && "):
        words = shlex.split(each)
        own = ["--prefix", str(tmp_path)] if words[0] in ("groupadd", "useradd") else []
        words = [f"{tmp_path}{word}" if word == "/ledger" else word for word in words]
        subprocess.run([words[0], *own, *words[1:]], check=True, capture_output=True)
    assert (tmp_path / "etc/passwd").read_text().startswith("auditscan:x:10001:10001:")
    made = (tmp_path / "ledger").stat()
    assert (made.st_uid, made.st_gid, made.st_mode & 0o777) == (10001, 10001, 0o700)
