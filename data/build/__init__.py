"""Raw files to checked tables to a place pack, in the order of `data.build.pipeline`."""
