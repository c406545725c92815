"""Run a command as a unit of systemd would, without systemd: python confine.py UNIT COMMAND...

Needs root, Linux and libseccomp. What is done here as the unit says it: namespaces for mounts, network and IPC;
everything read-only but ReadWritePaths=; empty home folders and /tmp, with only Bind...Paths= in them; a /proc with
nothing but processes; no capability, no new privilege, another user; SystemCallFilter=, MemoryDenyWriteExecute= and
RestrictAddressFamilies= as filters of the kernel. Not done, and so only verified: RestrictNamespaces=,
RestrictSUIDSGID=, LockPersonality=, ProtectClock=, ProtectHostname=, ProtectKernel...=, limits of memory and tasks.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)

NEWNS, NEWUTS, NEWIPC, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x40000000
RDONLY, NOSUID, BIND, REC, PRIVATE = 1, 2, 4096, 16384, 1 << 18
MOUNT_SETATTR, AT_RECURSIVE, ATTR_RDONLY = 442, 0x8000, 1
NO_NEW_PRIVS, CAPBSET_DROP, SET_MDWE = 38, 24, 65
NOBODY = 65534
ALLOW, EPERM = 0x7FFF0000, 0x00050000 | 1
NE, MASKED_EQ, EQ = 1, 7, 4


class Argument(ctypes.Structure):
    """scmp_arg_cmp: which argument of a call is compared how with what."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def main(unit: str, command: list[str]) -> None:
    keys = read(Path(unit).read_text(encoding="utf-8"))
    isolate(keys)
    privileges(keys)
    filters(keys)
    os.chdir("/")
    os.execve(command[0], command, os.environ | dict(value.split("=", 1) for value in keys.get("Environment", [])))


def read(text: str) -> dict[str, list[str]]:
    """Return the assignments of a unit: key -> values, unquoted."""
    keys: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            keys.setdefault(key, []).append(unquoted(value))
    return keys


def unquoted(value: str) -> str:
    if not (value.startswith('"') and value.endswith('"')):
        return value
    text, escaped = "", False
    for char in value[1:-1]:
        if not escaped and char == "\\":
            escaped = True
        else:
            text, escaped = text + char, False
    return text.replace("%%", "%")


def paths(keys: dict[str, list[str]], key: str) -> list[str]:
    found = keys.get(key, [])
    return [path.removeprefix("-") for path in found if not path.startswith("-") or Path(path[1:]).exists()]


def isolate(keys: dict[str, list[str]]) -> None:
    network = NEWNET if "PrivateNetwork" in keys else 0
    done(LIBC.unshare(NEWNS | NEWUTS | NEWIPC | network))
    # Nothing of what follows may reach the machine outside.
    mount(None, "/", None, REC | PRIVATE)
    bound = [(path, True) for path in paths(keys, "BindReadOnlyPaths")]
    bound += [(path, False) for path in paths(keys, "BindPaths")]
    held = [(path, os.open(path, os.O_PATH), readonly) for path, readonly in bound]
    for path in paths(keys, "ReadWritePaths"):
        mount(path, path, None, BIND)
    if keys["ProtectSystem"] == ["strict"]:
        set_readonly("/", True, AT_RECURSIVE)
    hidden = ["/tmp", "/var/tmp"] * (keys["PrivateTmp"] == ["yes"])
    hidden += ["/home", "/root", "/run/user"] * (keys["ProtectHome"][0] in ("yes", "tmpfs"))
    for path in hidden:
        if Path(path).is_dir():
            mount("tmpfs", path, "tmpfs", 0, "mode=755")
    for path, descriptor, readonly in held:
        source = Path(f"/proc/self/fd/{descriptor}")
        if source.is_dir():
            Path(path).mkdir(parents=True, exist_ok=True)
        else:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            # One that is there may be a program that runs, which nobody may open to write.
            if not Path(path).exists():
                Path(path).touch()
        mount(str(source), path, None, BIND | REC)
        set_readonly(path, readonly, 0)
    for path in hidden[:2]:
        Path(path).chmod(0o1777)
    for path in paths(keys, "ReadWritePaths"):
        set_readonly(path, False, 0)
    if keys["ProcSubset"] == ["pid"]:
        mount("proc", "/proc", "proc", NOSUID, "subset=pid,hidepid=invisible")


def privileges(keys: dict[str, list[str]]) -> None:
    os.umask(int(keys["UMask"][0], 8))
    if keys["CapabilityBoundingSet"] == [""]:
        for capability in range(41):
            done(LIBC.prctl(CAPBSET_DROP, capability, 0, 0, 0))
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    done(LIBC.prctl(NO_NEW_PRIVS, 1, 0, 0, 0))


def filters(keys: dict[str, list[str]]) -> None:
    """Load the kernel filters; the widest last, as it forbids to load more."""
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_rule_add_array.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    )
    seccomp.seccomp_load.argtypes = (ctypes.c_void_p,)

    def rule(context: int, action: int, name: str, *arguments: Argument) -> None:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            array = (Argument * len(arguments))(*arguments)
            done(-abs(seccomp.seccomp_rule_add_array(context, action, number, len(arguments), array)))

    if keys["MemoryDenyWriteExecute"] == ["yes"]:
        context = seccomp.seccomp_init(ALLOW)
        rule(context, EPERM, "mmap", Argument(2, MASKED_EQ, 6, 6))
        rule(context, EPERM, "mprotect", Argument(2, MASKED_EQ, 4, 4))
        rule(context, EPERM, "pkey_mprotect", Argument(2, MASKED_EQ, 4, 4))
        rule(context, EPERM, "shmat", Argument(2, MASKED_EQ, 0o100000, 0o100000))
        done(seccomp.seccomp_load(context))
        # Newer systemd asks the kernel as well, where it knows how.
        LIBC.prctl(SET_MDWE, 1, 0, 0, 0)
    families = keys["RestrictAddressFamilies"][0]
    context = seccomp.seccomp_init(ALLOW)
    if families == "none":
        rule(context, EPERM, "socket")
        done(seccomp.seccomp_load(context))
    else:
        assert families == "AF_INET AF_INET6 AF_UNIX"
        for family in set(range(46)) - {1, 2, 10}:
            rule(context, EPERM, "socket", Argument(0, EQ, family))
        done(seccomp.seccomp_load(context))
    allowed = calls("@default")
    for value in keys["SystemCallFilter"]:
        for name in value.removeprefix("~").split():
            allowed = allowed - calls(name) if value.startswith("~") else allowed | calls(name)
    # Without it the command could not begin; systemd lets it through in the same way.
    allowed |= {"execve", "brk"}
    context = seccomp.seccomp_init(EPERM)
    for name in sorted(allowed):
        rule(context, ALLOW, name)
    done(seccomp.seccomp_load(context))


def calls(name: str) -> set[str]:
    """Return the system calls of a set, as systemd has it."""
    if not name.startswith("@"):
        return {name}
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    ).stdout
    names = [line.strip() for line in said.splitlines()[1:]]
    return set().union(*(calls(each) for each in names if each and not each.startswith("#")))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [None if text is None else text.encode() for text in (source, target, kind, data)]
    done(LIBC.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]))


def set_readonly(path: str, readonly: bool, flags: int) -> None:
    """Set or clear read-only on a mount, and with AT_RECURSIVE on all below it."""
    attributes = (ctypes.c_uint64 * 4)(ATTR_RDONLY if readonly else 0, 0 if readonly else ATTR_RDONLY, 0, 0)
    done(LIBC.syscall(MOUNT_SETATTR, -100, path.encode(), flags, attributes, ctypes.sizeof(attributes)))


def done(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno() or -result, "the kernel refuses")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
