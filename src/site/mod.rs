//! Stage 7: pages, feeds and their machine-readable twins.
