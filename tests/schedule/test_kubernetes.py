"""A manifest for Kubernetes, read back as YAML."""

from __future__ import annotations

import shlex
import tomllib

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from auditscan.schedule.yaml_text import block, quoted
from auditscan.settings.configfile import read
from auditscan.version import __version__


def manifest(installed, *arguments):
    (text,) = installed.files("kubernetes", *arguments).values()
    return {document["kind"]: document for document in yaml.safe_load_all(text)}


def pod_of(documents):
    return documents["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def laid_out(documents):
    """Return the files of the configuration as the pod sees them: path -> text."""
    (volume,) = (volume for volume in pod_of(documents)["volumes"] if volume["name"] == "config")
    data = documents["ConfigMap"]["data"]
    assert {item["key"] for item in volume["configMap"]["items"]} == set(data)
    return {f"/etc/auditscan/{item['path']}": data[item["key"]] for item in volume["configMap"]["items"]}


def test_the_pod_may_do_next_to_nothing(installed):
    documents = manifest(installed)
    pod = pod_of(documents)
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["image"] == f"auditscan:{__version__}"
    mounts = {mount["mountPath"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
    assert mounts == {"/tmp": False, "/etc/auditscan": True, "/ledger": False, "/logs/1": True}
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert documents["NetworkPolicy"]["spec"]["ingress"] == documents["NetworkPolicy"]["spec"]["egress"] == []
    assert documents["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items() <= _labels(documents).items()


def _labels(documents):
    return documents["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]


def test_one_scan_at_a_time_and_failures_are_failures(installed):
    documents = manifest(installed)
    spec = documents["CronJob"]["spec"]
    job, pod = spec["jobTemplate"]["spec"], pod_of(documents)
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["schedule"] == "15 2 * * *"
    assert spec["startingDeadlineSeconds"] == 12 * 3600
    # 10 to 12 become 0 by the option; the rest fails the job, and only a fault is tried again.
    assert pod["containers"][0]["args"] == ["--config", "/etc/auditscan/auditscan.toml", "nightly", "--exit-zero"]
    assert job["podFailurePolicy"]["rules"][0] == {
        "action": "FailJob",
        "onExitCodes": {"containerName": "auditscan", "operator": "In", "values": [2, 3, 20]},
    }
    assert pod["restartPolicy"] == "Never"


def test_settings_are_written_anew_for_the_paths_in_a_pod(installed, tmp_path):
    (installed.folder / "more").mkdir()
    (installed.folder / "more" / "late log.ndjson").touch()
    (installed.folder / "suppressions.toml").write_text("# none: 'yet'\n", encoding="utf-8")
    installed.set(
        logs=["logs", "more/late log.ndjson"],
        ledger="ledger",
        suppressions="suppressions.toml",
        at="03:30",
        notify=["json://secret@host"],
        metrics="/m/a.prom",
        sign_key="a.key",
        source_zone="America/New_York",
    )
    documents = manifest(installed, "--as-of", "2026-01-01", "--exit-zero")
    files = laid_out(documents)
    assert files["/etc/auditscan/suppressions.toml"] == "# none: 'yet'\n"
    text = files["/etc/auditscan/auditscan.toml"]
    (tmp_path / "pod.toml").write_text(text, encoding="utf-8")
    read(tmp_path / "pod.toml")  # raises for what is no setting
    assert {name: str(value) for name, value in tomllib.loads(text).items()} == {
        "logs": "['/logs/1', '/logs/2/late log.ndjson']",
        "ledger": "/ledger",
        "suppressions": "/etc/auditscan/suppressions.toml",
        "at": "03:30",
        "metrics": "/out/auditscan.prom",
        "sign-key": "/etc/auditscan-secret/sign-key",
        "as-of": "2026-01-01",
        "source-zone": "America/New_York",
        "exit-zero": "True",
    }
    mounts = {mount["mountPath"] for mount in pod_of(documents)["containers"][0]["volumeMounts"]}
    assert {"/logs/1", "/logs/2", "/out", "/etc/auditscan-secret"} < mounts


def test_secrets_are_named_and_never_shown(installed):
    installed.set(logs="logs", ledger="ledger", notify=["json://secret@host"], sign_key="my key")
    code, out, err = installed.run("kubernetes")
    assert code == 0
    assert "secret@" not in out + err
    (container,) = pod_of({each["kind"]: each for each in yaml.safe_load_all(out)})["containers"]
    assert container["env"] == [
        {"name": "AUDITSCAN_NOTIFY", "valueFrom": {"secretKeyRef": {"name": "auditscan", "key": "notify"}}}
    ]
    assert f"--from-file=sign-key={shlex.quote(str(installed.folder / 'my key'))}" in err
    assert "egress: [{}]" in out


def test_policy_and_queries_go_with_it_byte_for_byte(installed):
    odd = {
        "policy-1/regimes.toml": "# é: - \"x\" 'y'\n\ta = 1\n\n\n",
        "policy-1/codes.csv": " a,b\r\n1,2\r\n",
        "queries-1/rules/mine.sql": "/*\n*/\nselect '%: #'",
        "queries-1/rules/empty.sql": "",
    }
    for name, text in odd.items():
        path = installed.folder / name.replace("-1", " %mine")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    (installed.folder / "policy %mine" / ".hidden").write_bytes(b"\xff")
    installed.set(logs="logs", ledger="ledger", policy="policy %mine", queries=["queries %mine"])
    files = laid_out(manifest(installed))
    settings = tomllib.loads(files.pop("/etc/auditscan/auditscan.toml"))
    assert settings["policy"] == ["/etc/auditscan/policy-1"]
    assert settings["queries"] == ["/etc/auditscan/queries-1"]
    assert files == {f"/etc/auditscan/{name}": text for name, text in odd.items()}


@pytest.mark.parametrize(
    ("content", "said"), [(b"\xff", "UTF-8"), (b"x" * 900_000, "larger than a ConfigMap"), (None, "no file")]
)
def test_what_no_config_map_holds_is_refused(installed, content, said):
    (installed.folder / "mine").mkdir()
    if content is not None:
        (installed.folder / "mine" / "codes.csv").write_bytes(content)
    code, out, err = installed.run("kubernetes", "--policy", "mine")
    assert (code, out) == (2, "")
    assert said in err


def test_an_image_is_a_name(installed):
    assert installed.run("kubernetes", "--image", "x # y")[0] == 2
    image = "registry.example:5000/auditscan@sha256:" + "0" * 64
    assert pod_of(manifest(installed, "--image", image))["containers"][0]["image"] == image


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
@example("x\x85y\u2028\ufeff\x00")
@example("\n \n")
@example(" a\n\tb\n\n")
@example("x\r\n")
def test_yaml_gives_back_any_text(text):
    assert yaml.safe_load(f"a: {quoted(text)}\nb: 1") == {"a": text, "b": 1}
    assert yaml.safe_load(f"a:\n  b: {block(text, 4)}\n  c: 1") == {"a": {"b": text, "c": 1}}
