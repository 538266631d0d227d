"""What you see: the map layers, the charts and the pages; the only folder that knows Streamlit and folium."""
