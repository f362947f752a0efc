//! Turns a foreign catalog into an authored registry.
