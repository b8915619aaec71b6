"""Los estados de un control: un dibujo por ajuste, para moverlo sin Python.

Los guarda el cuaderno ejecutado, en los metadatos de la salida, donde Jupyter y Colab
no los miran; la página del curso los enseña de a uno.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from itertools import product

CLAVE = "control_del_taller"  # en los metadatos de la salida
TOPE = 104  # dibujos por control
ROTULOS = 6  # los que se leen en voz alta de un dibujo
ANCHO = 3.3  # pulgadas: 317 píxeles, lo que cabe en un teléfono sin achicar la letra


def texto(valor) -> str:
    """Un valor como se escribe en español: coma decimal, y sin «,0» de más."""
    if isinstance(valor, float):
        valor = f"{valor:g}".replace(".", ",")
    return str(valor)


def rotulo(ajustes: dict) -> str:
    """«rango = 4 · capas = todas»."""
    return " · ".join(f"{k.replace('_', ' ')} = {texto(v)}" for k, v in ajustes.items())


def repartidos(valores: list, cuantos: int) -> list:
    """Dos o más valores de la lista, del primero al último, a pasos parejos."""
    ultimo = len(valores) - 1
    return [valores[round(i * ultimo / (cuantos - 1))] for i in range(cuantos)]


def cuantas(opciones: dict[str, list]) -> int:
    """Cuántas combinaciones hay."""
    return math.prod(map(len, opciones.values()))


def son_numeros(valores: list) -> bool:
    """¿Es una lista de números? Entonces los de en medio se pueden saltar."""
    return all(isinstance(v, (int, float)) for v in valores)


def con_tope(opciones: dict[str, list], tope: int = TOPE) -> dict[str, list]:
    """Las opciones, con menos valores si las combinaciones pasan de `tope`.

    Primero pierde valores la lista de números más larga, y después las de nombres.
    Siempre quedan el primero y el último; con eso, puede que no se llegue al tope.
    """
    quedan = {k: list(v) for k, v in opciones.items()}
    while cuantas(quedan) > tope:
        largas = [k for k, v in quedan.items() if len(v) > 2]
        if not largas:
            break
        k = max(largas, key=lambda k: (son_numeros(opciones[k]), len(quedan[k])))
        quedan[k] = repartidos(list(opciones[k]), len(quedan[k]) - 1)
    return quedan


def empacar(dibujos: list[str]) -> dict:
    """Guarda cada línea una sola vez: entre dos ajustes casi todas son las mismas.

    Devuelve `lineas` y, por dibujo, los números de las suyas: «0-41 43 50-52». La que
    se repite dentro de un dibujo se guarda otras tantas veces, y así los tramos salen
    largos.
    """
    numero: dict[tuple[str, int], int] = {}
    indices = []
    for dibujo in dibujos:
        tramos: list[list[int]] = []
        vistas: Counter[str] = Counter()
        for linea in dibujo.split("\n"):
            n = numero.setdefault((linea, vistas[linea]), len(numero))
            vistas[linea] += 1
            if tramos and n == tramos[-1][1] + 1:
                tramos[-1][1] = n
            else:
                tramos.append([n, n])
        indices.append(" ".join(str(a) if a == b else f"{a}-{b}" for a, b in tramos))
    return {"lineas": [linea for linea, _ in numero], "dibujos": indices}


def desempacar(paquete: dict) -> list[str]:
    """Lo contrario de `empacar`."""
    lineas, dibujos = paquete["lineas"], []
    for indices in paquete["dibujos"]:
        suyas: list[str] = []
        for tramo in indices.split():
            a, _, b = tramo.partition("-")
            suyas += lineas[int(a) : int(b or a) + 1]
        dibujos.append("\n".join(suyas))
    return dibujos


def sin_sobras(svg: str) -> str:
    """El SVG sin lo que no se ve: prólogo, comentarios, metadatos y sangrías."""
    svg = re.sub(r"^.*?(?=<svg\b)", "", svg, count=1, flags=re.S)
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.S)
    return re.sub(r"\n\s*", "\n", svg).strip()


def _figura(funcion, ajuste: dict, alto: float):
    from matplotlib.figure import Figure

    figura = Figure(figsize=(ANCHO, alto), layout="constrained")
    funcion(eje=figura.subplots(), **ajuste)
    figura.draw_without_rendering()  # coloca el eje
    return figura


def _alinear(figuras: list) -> None:
    """Pone el eje en el mismo lugar de todas: al mover no salta."""
    if any(len(f.axes) != 1 for f in figuras):
        return
    cajas = [f.axes[0].get_position(original=True) for f in figuras]
    x, y = max(c.x0 for c in cajas), max(c.y0 for c in cajas)
    ancho, alto = min(c.x1 for c in cajas) - x, min(c.y1 for c in cajas) - y
    for figura in figuras:
        figura.set_layout_engine("none")
        figura.axes[0].set_position((x, y, ancho, alto))


def _frases(figuras: list) -> list[str]:
    """Lo que cada dibujo dice con letras y cambia al mover, para quien no lo ve.

    Muchos rótulos son el dibujo mismo, letra por letra: esos no se leen.
    """
    ejes = [f.axes for f in figuras]
    al_pie = [" ".join(e.get_xlabel() for e in de) for de in ejes]
    if len(set(al_pie)) == 1:
        al_pie = [""] * len(ejes)
    dentro = [[t.get_text() for e in de for t in e.texts] for de in ejes]
    if len(set(map(tuple, dentro))) == 1 or max(map(len, dentro)) > ROTULOS:
        dentro = [[]] * len(ejes)
    juntas = (
        [" ".join(t.split()) for t in [*dichos, pie]]
        for dichos, pie in zip(dentro, al_pie, strict=True)
    )
    return ["; ".join(t for t in frases if t) for frases in juntas]


def calcular(funcion, opciones: dict[str, list], pide: str, alto: float) -> dict:
    """Todo lo que la página necesita de un control.

    Argumentos: `funcion(eje=…, **ajustes)`; `pide`, qué mover y qué mirar; `alto` del
    dibujo en pulgadas. Devuelve `pide`, `mandos` (nombre y valores, en texto), `de`
    (cuántas combinaciones hay en el cuaderno), `frases` y los dibujos empacados, en el
    orden en que el último mando es el que cambia primero.
    """
    quedan = con_tope(opciones)
    ajustes = [dict(zip(quedan, v, strict=True)) for v in product(*quedan.values())]
    figuras = [_figura(funcion, ajuste, alto) for ajuste in ajustes]
    _alinear(figuras)
    dibujos = []
    for figura in figuras:
        hoja = io.StringIO()
        figura.savefig(hoja, format="svg", metadata={"Date": None})
        dibujos.append(sin_sobras(hoja.getvalue()))
    mandos = [
        {
            "nombre": k.replace("_", " "),
            "valores": [texto(v) for v in valores],
            "numeros": son_numeros(valores),
        }
        for k, valores in quedan.items()
    ]
    datos = {"pide": pide, "mandos": mandos, "de": cuantas(opciones)}
    return datos | {"frases": _frases(figuras)} | empacar(dibujos)
