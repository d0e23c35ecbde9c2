"""adcli turns one YAML file into a finished ad-video campaign."""

__version__ = "0.1.0"
