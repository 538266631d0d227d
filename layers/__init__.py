"""What you see: answers in words, maps, files, reports, commands and pages; the only folder that knows Streamlit."""
