"""How a person gets the register's search export, which alone has the centres that closed."""

from __future__ import annotations

import streamlit as st

from layers.html import html_lines

STEPS = (
    "Open Get Information about Schools (get-information-schools.service.gov.uk) in a browser. It asks that no program "
    "use its search, so a person does this once or twice a year.",
    "Search all establishments, and filter by type of establishment: Children's centre, and Children's centre linked "
    "site. Filter by your local authority, or take all of England.",
    "Filter by status as well: choose Closed beside Open, or take away Open only. These the daily file leaves out.",
    "Choose Download these results, Full set of data, CSV; wait until it is made; save it and unpack it. The file is "
    "results.csv: put the day into its name, as in results_2026-06-30.csv. The buttons may be called otherwise by now.",
    "Give it to the build as one more --centres. Where lists differ it goes before the daily file; telephone numbers "
    "and names of staff are not read.",
)
"""What to do, in order; docs/your-authority.md says the same."""


def how_to() -> None:
    """The steps, folded away."""
    with st.expander("Centres that closed: the register's search export, fetched by hand"):
        st.markdown(
            "The register's daily file lists open centres only, without coordinates. Its search export has the closed "
            "ones too, with the day on which each closed, and where each stands."
        )
        st.html(f"<ol>{html_lines(STEPS, kind='li')}</ol>")
