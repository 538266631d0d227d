"""A file uploader: the server takes files only from sessions whose page has shown one."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from layers.server.browsers import SESSIONS


def file_uploader(label: str, **options: Any) -> Any:  # noqa: ANN401 (what `streamlit.file_uploader` takes and gives)
    """`streamlit.file_uploader`, and leave for this session to send files."""
    run = get_script_run_ctx()
    if run is not None:
        SESSIONS.asked_for_files(run.session_id)
    return st.file_uploader(label, **options)
