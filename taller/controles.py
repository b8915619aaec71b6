"""Un control interactivo: vivo en un cuaderno, fijo en la página."""

from __future__ import annotations

import os
import re
from itertools import product

from .estados import ANCHO, CLAVE, calcular, rotulo, texto

COLUMNAS = 2  # en el teléfono, tres paneles por fila no se leen
PANELES = 6
ALTO = 3.2  # pulgadas de cada panel
RENGLON = 38  # letras que caben sobre un panel


def combinaciones(opciones: dict[str, list]) -> list[dict]:
    """Las que muestra la versión fija: todas, o seis repartidas si hay más."""
    todas = [dict(zip(opciones, v, strict=True)) for v in product(*opciones.values())]
    if len(todas) <= PANELES:
        return todas
    return [todas[round(i * (len(todas) - 1) / (PANELES - 1))] for i in range(PANELES)]


def _en_lineas(titulo: str) -> str:
    """El título de un panel, en dos líneas si no cabe sobre el suyo."""
    partes = titulo.split(" · ")
    if len(titulo) <= RENGLON or len(partes) == 1:
        return titulo
    medio = (len(partes) + 1) // 2
    return " · ".join(partes[:medio]) + "\n" + " · ".join(partes[medio:])


def dibujar_fija(funcion, opciones: dict[str, list], alto: float = ALTO):
    """Figura con un panel por ajuste, uno junto a otro. Devuelve la figura."""
    import matplotlib.pyplot as plt

    ajustes = combinaciones(opciones)
    columnas = min(COLUMNAS, len(ajustes))
    filas = -(-len(ajustes) // columnas)
    figura, ejes = plt.subplots(
        filas,
        columnas,
        figsize=(ANCHO * columnas, alto * filas),
        squeeze=False,
        layout="constrained",
    )
    for eje in ejes.flat[len(ajustes) :]:
        eje.set_axis_off()
    for eje, ajuste in zip(ejes.flat, ajustes, strict=False):
        funcion(eje=eje, **ajuste)
        eje.set_title(_en_lineas(rotulo(ajuste)), fontsize=9)
    return figura


def pie_de_hoja(descripcion: str, opciones: dict[str, list]) -> str:
    """Lo que se lee sobre los paneles fijos, donde no hay nada que mover.

    Nombra lo que cambia y conserva lo que la descripción pide mirar, que va después de
    sus primeros dos puntos o su primer punto y coma.
    """
    nombres = [f"«{k.replace('_', ' ')}»" for k in opciones]
    lista = " y ".join([", ".join(nombres[:-1]), nombres[-1]][len(nombres) == 1 :])
    verbo = "cambia" if len(nombres) == 1 else "cambian"
    _, *mirar = re.split(r"[:;]\s*", descripcion, maxsplit=1)
    # la primera letra, aunque antes haya un signo: «¿usar…?»
    mirar = [re.sub(r"\w", lambda m: m[0].upper(), m, count=1) for m in mirar]
    return " ".join([f"De un panel a otro {verbo} {lista}.", *mirar])


def _mostrar_fija(figura, funcion, descripcion: str, opciones: dict) -> None:
    """Muestra la hoja y, en un cuaderno, guarda con ella los estados del control."""
    from IPython import get_ipython
    from IPython.display import display

    nucleo = get_ipython()
    if nucleo is None:
        display(figura)
        return
    datos, metadatos = nucleo.display_formatter.format(figura)
    estados = calcular(funcion, opciones, descripcion, ALTO)
    display(datos, metadata={**metadatos, CLAVE: estados}, raw=True)


def control(funcion, descripcion: str = "", **opciones: list) -> None:
    """Muestra `funcion` para varios ajustes.

    Argumentos: `funcion(eje=…, **ajustes)` dibuja en un eje de matplotlib;
    `descripcion` dice qué mover y qué mirar; cada opción es la lista de sus valores.
    Con ipywidgets hay un deslizador por opción; si la variable TALLER_ESTATICO está
    puesta, o no hay ipywidgets, se dibujan varios ajustes uno junto a otro. Con la
    variable, la salida guarda además un dibujo por ajuste: los mueve la página.
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
    estatico = bool(os.environ.get("TALLER_ESTATICO"))
    if estatico or ipywidgets is None:
        print(pie_de_hoja(descripcion, opciones))
        figura = dibujar_fija(funcion, opciones)
        if estatico:
            _mostrar_fija(figura, funcion, descripcion, opciones)
        else:
            display(figura)
        plt.close(figura)
        return
    if descripcion:
        print(descripcion)

    def redibujar(**ajustes):
        figura, eje = plt.subplots(figsize=(6, 3.6), layout="constrained")
        funcion(eje=eje, **ajustes)
        display(figura)
        plt.close(figura)

    mandos = {
        nombre: ipywidgets.SelectionSlider(
            options=[(texto(v), v) for v in valores],
            value=valores[0],
            description=nombre.replace("_", " "),
            continuous_update=False,
            style={"description_width": "initial"},
        )
        for nombre, valores in opciones.items()
    }
    salida = ipywidgets.interactive_output(redibujar, mandos)
    display(ipywidgets.VBox([*mandos.values(), salida]))
