"""Aspecto común de las figuras: SVG legible en el teléfono y siempre idéntico."""

from __future__ import annotations

COLORES = ["#0b6e99", "#d9730d", "#0f7b6c", "#ad1a72", "#6940a5", "#8a6d00"]


def _con_coma() -> None:
    """Hace que los ejes escriban la coma decimal, sea cual sea el idioma del equipo."""
    from matplotlib import scale, ticker

    class ConComa(ticker.ScalarFormatter):
        def __call__(self, x, pos=None) -> str:
            return super().__call__(x, pos).replace(".", ",")

    scale.ScalarFormatter = ConComa  # el que toma por omisión un eje sin logaritmos


def vestir() -> None:
    """Ajusta matplotlib; no hace nada si no está instalado."""
    try:
        import matplotlib as mpl
        from cycler import cycler
    except ImportError:
        return
    mpl.rcParams.update(
        {
            "figure.figsize": (5.3, 3.4),
            "figure.facecolor": "white",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": cycler(color=COLORES),
            "grid.color": "#dddddd",
            "font.size": 11,
            "svg.hashsalt": "taller",
            "svg.fonttype": "path",
        }
    )
    _con_coma()
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return
    if get_ipython() is not None:
        set_matplotlib_formats("svg", metadata={"Date": None})
