"""The witness in the data directory is no use as a witness once it is a copy itself: it must know."""

import os
import shutil
import subprocess
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from service.installation.clocks import Reading
from service.installation.folder import Folder
from service.installation.witness import Memory, Unheard
from service.installation.witnesses import Unwitnessed, ask

READING = Reading(1000.0, 500.0, "one boot", 0.01)


def kept(path: Path, *beats: int) -> UUID:
    id_ = uuid4()
    for beat in beats:
        Folder(path).keep(id_, beat, READING)
    return id_


def test_it_remembers_the_highest_beat(tmp_path: Path) -> None:
    id_ = kept(tmp_path, 7, 9, 8)
    assert Folder(tmp_path).recall(id_) == Memory(9, READING)


def test_of_an_installation_it_never_met_it_remembers_nothing(tmp_path: Path) -> None:
    assert Folder(tmp_path).recall(uuid4()) == Memory()


def copied_back(tmp_path: Path, *command: str) -> bool:
    """Keep a backup, go on, put the backup back by a command; whether the folder knows."""
    place, backup = tmp_path / "var", tmp_path / "backup"
    id_ = kept(place, 41)
    subprocess.run(["cp", "-a", place, backup], check=True)
    Folder(place).keep(id_, 42, READING)
    subprocess.run(["sh", "-c", " && ".join(command)], check=True, cwd=tmp_path)
    found = Folder(place).recall(id_)
    assert found.beat == 41
    return found.copied


@pytest.mark.parametrize(
    "command",
    [
        ("rm -r var", "cp -r backup var"),
        ("rm -r var", "cp -a backup var"),
        ("cp -a backup/. var",),
        ("cp -r backup/. var",),
        ("rm -r var", "mkdir var", "tar -C backup -cf - . | tar -C var -xf -"),
        ("rm -r var", "cp -al backup var"),
    ],
)
def test_a_folder_put_back_from_a_copy_knows_it(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert copied_back(tmp_path, *command)


def test_a_folder_put_back_the_way_of_rsync_knows_it(tmp_path: Path) -> None:
    place, backup = tmp_path / "var", tmp_path / "backup"
    id_ = kept(place, 41)
    subprocess.run(["cp", "-a", place, backup], check=True)
    Folder(place).keep(id_, 42, READING)
    for file in backup.iterdir():
        bring(file, place / file.name)
    assert Folder(place).recall(id_) == Memory(41, READING, copied=True)


def bring(source: Path, target: Path) -> None:
    """A file of the same size and time is left alone; any other comes under a temporary name and takes the place."""
    old, new = target.stat(), source.stat()
    if (old.st_size, old.st_mtime_ns) != (new.st_size, new.st_mtime_ns):
        shutil.copy2(source, target.with_suffix(".tmp"))
        target.with_suffix(".tmp").replace(target)


def test_a_data_directory_that_is_renamed_is_no_copy(tmp_path: Path) -> None:
    id_ = kept(tmp_path / "var", 41)
    (tmp_path / "var").rename(tmp_path / "elsewhere")
    assert not Folder(tmp_path / "elsewhere").recall(id_).copied


def test_a_power_cut_between_its_two_files_is_no_copy(tmp_path: Path) -> None:
    id_ = kept(tmp_path, 41)
    with (tmp_path / f"{id_}.beat").open("r+") as file:
        file.write("42")
    assert Folder(tmp_path).recall(id_) == Memory(42, READING)


@pytest.mark.parametrize("kind", ["beat", "seal"])
@pytest.mark.parametrize("nonsense", [b"", b"\0" * 400, b"{", b"\xff\xfe", b"[]", b'{"beat": "many"}'])
def test_a_damaged_file_is_a_witness_lost_and_written_anew(tmp_path: Path, kind: str, nonsense: bytes) -> None:
    id_ = kept(tmp_path, 41)
    (tmp_path / f"{id_}.{kind}").write_bytes(nonsense)
    assert not Folder(tmp_path).recall(id_).copied
    Folder(tmp_path).keep(id_, 43, READING)
    assert Folder(tmp_path).recall(id_) == Memory(43, READING)


def test_a_folder_that_cannot_be_made_is_said_to_be_unheard(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unheard):
        Folder(tmp_path / "file" / "installation").recall(uuid4())


def test_where_no_witness_can_be_reached_nothing_is_taken_for_granted(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    unheard = Folder(tmp_path / "file" / "installation")
    assert list(ask([unheard, Folder(tmp_path)], lambda witness: witness.recall(uuid4())).values()) == [Memory()]
    with pytest.raises(Unwitnessed):
        ask([unheard], lambda witness: witness.recall(uuid4()))


def test_a_process_that_froze_at_the_file_does_not_freeze_us(tmp_path: Path) -> None:
    id_ = kept(tmp_path, 41)
    frozen = subprocess.Popen(["flock", tmp_path / f"{id_}.beat", "-c", "echo held; exec sleep 60"], stdout=-1)
    try:
        assert frozen.stdout is not None
        frozen.stdout.readline()
        with pytest.raises(Unheard):
            Folder(tmp_path).recall(id_)
    finally:
        os.kill(frozen.pid, 9)
        frozen.wait()
