"""Un control interactivo: vivo en un cuaderno, fijo en la página."""

from __future__ import annotations

import os
from itertools import product

COLUMNAS = 2  # en el teléfono, tres paneles por fila no se leen
PANELES = 6


def combinaciones(opciones: dict[str, list]) -> list[dict]:
    """Las que muestra la versión fija: todas, o seis repartidas si hay más."""
    todas = [dict(zip(opciones, v, strict=True)) for v in product(*opciones.values())]
    if len(todas) <= PANELES:
        return todas
    return [todas[round(i * (len(todas) - 1) / (PANELES - 1))] for i in range(PANELES)]


def _rotulo(ajustes: dict) -> str:
    return " · ".join(f"{k.replace('_', ' ')} = {v}" for k, v in ajustes.items())


def dibujar_fija(funcion, opciones: dict[str, list], alto: float = 3.2):
    """Figura con un panel por ajuste, uno junto a otro. Devuelve la figura."""
    import matplotlib.pyplot as plt

    ajustes = combinaciones(opciones)
    columnas = min(COLUMNAS, len(ajustes))
    filas = -(-len(ajustes) // columnas)
    figura, ejes = plt.subplots(
        filas,
        columnas,
        figsize=(3.3 * columnas, alto * filas),
        squeeze=False,
        layout="constrained",
    )
    for eje in ejes.flat[len(ajustes) :]:
        eje.set_axis_off()
    for eje, ajuste in zip(ejes.flat, ajustes, strict=False):
        funcion(eje=eje, **ajuste)
        eje.set_title(_rotulo(ajuste), fontsize=9)
    return figura


def control(funcion, descripcion: str = "", **opciones: list) -> None:
    """Muestra `funcion` para varios ajustes.

    Argumentos: `funcion(eje=…, **ajustes)` dibuja en un eje de matplotlib;
    `descripcion` dice qué mover y qué mirar; cada opción es la lista de sus valores.
    Con ipywidgets hay un deslizador por opción; si la variable TALLER_ESTATICO está
    puesta, o no hay ipywidgets, se dibujan varios ajustes uno junto a otro.
    Errores: ValueError si falta la lista de valores de alguna opción.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    if not opciones or any(
        not isinstance(v, (list, tuple)) or not v for v in opciones.values()
    ):
        raise ValueError("Cada opción del control necesita una lista con sus valores.")
    try:
        import ipywidgets
    except ImportError:
        ipywidgets = None
    if descripcion:
        print(descripcion)
    if os.environ.get("TALLER_ESTATICO") or ipywidgets is None:
        figura = dibujar_fija(funcion, opciones)
        display(figura)
        plt.close(figura)
        return

    def redibujar(**ajustes):
        figura, eje = plt.subplots(figsize=(6, 3.6), layout="constrained")
        funcion(eje=eje, **ajustes)
        display(figura)
        plt.close(figura)

    mandos = {
        nombre: ipywidgets.SelectionSlider(
            options=list(valores),
            value=valores[0],
            description=nombre.replace("_", " "),
            continuous_update=False,
            style={"description_width": "initial"},
        )
        for nombre, valores in opciones.items()
    }
    salida = ipywidgets.interactive_output(redibujar, mandos)
    display(ipywidgets.VBox([*mandos.values(), salida]))
