"""How a benchmark says what it measured: a line for each figure, and whether its bound holds."""

import sys


class Figures:
    """The figures of one benchmark."""

    def __init__(self) -> None:
        self._missed = 0

    def tell(self, name: str, figure: str) -> None:
        """Print a figure that has no bound."""
        print(f"  {name:<58} {figure}", flush=True)

    def at_most(self, name: str, value: float, most: float, unit: str = "") -> None:
        """Print a figure that must not be above its bound."""
        self._judge(name, value, f"at most {most:,g}", value <= most, unit)

    def at_least(self, name: str, value: float, least: float, unit: str = "") -> None:
        """Print a figure that must not be below its bound."""
        self._judge(name, value, f"at least {least:,g}", value >= least, unit)

    def _judge(self, name: str, value: float, bound: str, holds: bool, unit: str) -> None:
        shown = f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
        self.tell(name, f"{shown}{unit}  ({bound}{unit}: {'holds' if holds else 'MISSED'})")
        self._missed += not holds

    def close(self) -> None:
        """End the process, with exit status 1 when a bound was missed."""
        sys.exit(1 if self._missed else 0)
