"""The attack with hostile text in documents, on one set of logs in every form."""

from __future__ import annotations

from attacks.kinds import hostile_documents


def test_no_form_takes_text_for_more(tmp_path):
    counted = hostile_documents.attack(9, 4, tmp_path)
    assert counted.findings == []
    assert counted.tried == 9
