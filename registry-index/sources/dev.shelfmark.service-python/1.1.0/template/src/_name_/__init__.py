"""The service {{ name }}."""
