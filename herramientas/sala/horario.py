"""Los horarios de un taller, al minuto, con los minutos que dicen las lecciones.

    python -m herramientas.sala.horario cuatro-horas

Aquí solo se eligen las lecciones y los apartados; los minutos de cada uno salen de su
encabezado. Lo que queda hasta completar la sesión es la holgura, y si no alcanza, se
dice. Solo usa la biblioteca estándar: el sitio se construye con esto.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
APARTADO = re.compile(r"^##\s+(?:(\d+)\.\s+)?(.+?)\s+·\s+(\d+)\s*min\s*$", re.MULTILINE)
HOLGURA_MINIMA = 5
SIN_PAUSA = 90  # minutos seguidos, como mucho: lo promete book/preparar.md
ENSENA, SALA, AYUDA = "quien enseña", "cada quien", "ayudantes"
DE_TAREA = "quien enseña; el ejercicio, de tarea"


class ErrorDeHorario(Exception):
    """Un horario que no se puede armar; su texto ya está en español."""


@dataclass(frozen=True)
class Fijo:
    """Un rato que no es de una lección. `minutos` None es la holgura."""

    que: str
    minutos: int | None
    quien: str = ENSENA


@dataclass(frozen=True)
class De:
    """Apartados de una lección: los números pedidos o, sin ellos, todos."""

    leccion: str
    apartados: tuple[int, ...] = ()


@dataclass(frozen=True)
class Jornada:
    """Una sesión: nombre, hora de comienzo «9:00», minutos que dura y sus ratos."""

    nombre: str
    comienzo: str
    minutos: int
    ratos: tuple[Fijo | De, ...]


PAUSA, ALMUERZO = "Pausa", "Almuerzo"
HOLGURA = Fijo("Preguntas y holgura", None)
DUDAS = Fijo("Lo de la semana pasada, y quién trae dudas", 5)
ENTRADA, SALIDA = (
    Fijo(f"Cuestionario de {cual}", 10, SALA) for cual in ("entrada", "salida")
)


def _semana(
    numero: int,
    antes: De,
    despues: De,
    abre: tuple[Fijo, ...] = (DUDAS,),
    cierra: tuple[Fijo, ...] = (),
) -> Jornada:
    """Una sesión semanal: cómo abre, dos partes con su pausa y cómo cierra."""
    ratos = (*abre, antes, Fijo(PAUSA, 10, SALA), despues, *cierra, HOLGURA)
    return Jornada(f"Sesión {numero}", "18:00", 135, ratos)


PLANES: dict[str, tuple[Jornada, ...]] = {
    "cuatro-horas": (
        Jornada(
            "Taller de cuatro horas", "14:00", 240,
            (
                Fijo("Bienvenida, acuerdos de trato y quién ayuda", 8),
                ENTRADA,
                Fijo("Abrir la lección 00 y pegar la línea de la revisión", 10, AYUDA),
                De("00", (1, 2, 3, 4, 6)),
                De("01", (5,)),
                Fijo(PAUSA, 15, SALA),
                De("09", (2, 3)),
                De("10", (1, 2, 3, 4)),
                Fijo(PAUSA, 5, SALA),
                De("10", (6, 7, 8)),
                SALIDA,
                Fijo("Resumen, entrega y por dónde seguir", 4, SALA),
                HOLGURA,
            ),
        ),
    ),
    "dos-dias": (
        Jornada(
            "Primer día", "9:00", 480,
            (
                Fijo("Bienvenida, acuerdos de trato y quién ayuda", 10),
                ENTRADA,
                Fijo("Abrir la lección 00 y pegar la línea de la revisión", 15, AYUDA),
                De("00"), Fijo(PAUSA, 15, SALA), De("01"),
                Fijo(ALMUERZO, 60, SALA),
                De("03", (1, 2, 3, 4, 5)),
                Fijo(PAUSA, 10, SALA),
                De("03", (6, 7, 8, 10)),
                Fijo(PAUSA, 15, SALA),
                De("06"), Fijo(PAUSA, 10, SALA), HOLGURA,
            ),
        ),
        Jornada(
            "Segundo día", "9:00", 480,
            (
                Fijo("Lo de ayer, y ayuda con la instalación", 10, AYUDA),
                De("08", (1, 2, 3, 5)), Fijo(PAUSA, 15, SALA),
                De("09", (1, 2, 3)), Fijo(PAUSA, 10, SALA), De("09", (4, 5, 6)),
                Fijo(ALMUERZO, 60, SALA),
                De("10", (1, 2, 3, 4, 5, 6, 7, 8)),
                Fijo(PAUSA, 15, SALA),
                De("11", (2, 3, 4, 7)),
                Fijo(PAUSA, 10, SALA),
                SALIDA,
                Fijo("Resumen, entrega y por dónde seguir", 10, SALA),
                HOLGURA,
            ),
        ),
    ),
    "ocho-semanas": (
        _semana(
            1, De("00"), De("01", (1, 2, 3, 4, 5)),
            abre=(Fijo("Bienvenida y normas en voz alta", 5), ENTRADA),
        ),
        _semana(2, De("03", (1, 2, 3, 4, 5)), De("03", (6, 7, 8, 9, 10))),
        _semana(3, De("04", (1, 2, 3)), De("04", (4, 5, 6))),
        _semana(4, De("06", (1, 2, 3, 4)), De("06", (5, 6, 7, 8))),
        _semana(5, De("08", (1, 2, 3)), De("08", (4, 5))),
        _semana(6, De("09", (1, 2, 3)), De("09", (4, 5, 6))),
        _semana(7, De("10", (1, 2, 3, 4, 5, 6)), De("10", (7, 8, 9, 10, 11))),
        _semana(
            8, De("11", (1, 2, 3)), De("11", (4, 6, 7, 8)),
            cierra=(SALIDA, Fijo("Resumen, entrega y por dónde seguir", 4, SALA)),
        ),
    ),
}  # fmt: skip
# Si se va tarde: qué saltar, en este orden. (lección, apartado)
SALTAR: dict[str, tuple[tuple[str, int], ...]] = {
    "cuatro-horas": (("00", 4), ("10", 4), ("10", 2), ("10", 7)),
    "dos-dias": (("11", 4), ("09", 6), ("03", 7), ("08", 5), ("06", 6), ("10", 4)),
    "ocho-semanas": (("03", 9), ("04", 6), ("09", 6), ("10", 11), ("10", 9), ("11", 6)),
}


@dataclass(frozen=True)
class Apartado:
    """Un apartado de una lección: su número (0 si no lleva), título y minutos."""

    numero: int
    titulo: str
    minutos: int
    con_ejercicio: bool


def apartados(leccion: str, raiz: Path = RAIZ) -> list[Apartado]:
    """Los apartados con minutos de una lección, leídos de su cuaderno.

    Errores: ErrorDeHorario si no hay una lección, y solo una, con ese comienzo.
    """
    rutas = sorted((raiz / "notebooks").glob(f"{leccion}_*.ipynb"))
    if len(rutas) != 1:
        raise ErrorDeHorario(f"No hay una lección «{leccion}», o hay varias.")
    hallados: list[Apartado] = []
    for celda in json.loads(rutas[0].read_text(encoding="utf-8"))["cells"]:
        texto = "".join(celda["source"])
        if celda["cell_type"] == "markdown":
            for numero, titulo, minutos in APARTADO.findall(texto):
                hallados.append(Apartado(int(numero or 0), titulo, int(minutos), False))
        if hallados and "ejercicio" in celda["metadata"].get("tags", []):
            ultimo = hallados[-1]
            hallados[-1] = Apartado(ultimo.numero, ultimo.titulo, ultimo.minutos, True)
    return hallados


def elegidos(de: De, raiz: Path = RAIZ) -> list[Apartado]:
    """Los apartados que pide un horario. Errores: ErrorDeHorario si alguno no está."""
    hay = apartados(de.leccion, raiz)
    numeros = de.apartados or tuple(a.numero for a in hay)
    por_numero = {a.numero: a for a in hay}
    if faltan := [n for n in numeros if n not in por_numero]:
        raise ErrorDeHorario(
            f"La lección {de.leccion} ya no tiene el apartado {faltan[0]}: corrige "
            "herramientas/sala/horario.py."
        )
    return [por_numero[n] for n in numeros]


@dataclass(frozen=True)
class Rato:
    """Una fila del horario ya calculada; las horas, en minutos desde medianoche."""

    desde: int
    hasta: int
    que: str
    quien: str


def calcular(jornada: Jornada, raiz: Path = RAIZ) -> list[Rato]:
    """Las filas de una jornada, con la holgura que completa sus minutos.

    Errores: ErrorDeHorario si lo pedido no deja la holgura mínima.
    """
    filas: list[tuple[str, int | None, str]] = []
    for rato in jornada.ratos:
        if isinstance(rato, Fijo):
            filas.append((rato.que, rato.minutos, rato.quien))
            continue
        for a in elegidos(rato, raiz):
            quien = DE_TAREA if a.con_ejercicio else ENSENA
            puesto = f"{a.numero}. " if a.numero else ""
            filas.append((f"{rato.leccion} · {puesto}{a.titulo}", a.minutos, quien))
    holgura = jornada.minutos - sum(m or 0 for _, m, _ in filas)
    if holgura < HOLGURA_MINIMA:
        raise ErrorDeHorario(
            f"«{jornada.nombre}» deja {holgura} minutos de holgura y hacen falta "
            f"{HOLGURA_MINIMA}: quita un apartado en herramientas/sala/horario.py."
        )
    hora, minuto = map(int, jornada.comienzo.split(":"))
    reloj, salida = 60 * hora + minuto, []
    for que, minutos, quien in filas:
        fin = reloj + (holgura if minutos is None else minutos)
        salida.append(Rato(reloj, fin, que, quien))
        reloj = fin
    return salida


def hora(minutos: int) -> str:
    """«14:05»."""
    return f"{minutos // 60}:{minutos % 60:02d}"


def tabla(jornada: Jornada, raiz: Path = RAIZ) -> list[str]:
    """La jornada en Markdown: hora, minutos, qué y quién."""
    filas = calcular(jornada, raiz)
    return [
        f"**{jornada.nombre}**, de {hora(filas[0].desde)} a {hora(filas[-1].hasta)}: "
        f"{jornada.minutos} minutos.", "",
        "| hora | min | qué | quién habla o trabaja |", "|---:|---:|---|---|",
        *(
            f"| {hora(f.desde)} | {f.hasta - f.desde} | {f.que} | {f.quien} |"
            for f in filas
        ), "",
    ]  # fmt: skip


def lo_que_se_salta(plan: str, raiz: Path = RAIZ) -> list[str]:
    """La lista, en orden, de qué saltar si se va tarde y cuánto se gana."""
    lineas, ganado = [], 0
    for i, (leccion, numero) in enumerate(SALTAR[plan], start=1):
        (a,) = elegidos(De(leccion, (numero,)), raiz)
        ganado += a.minutos
        lineas.append(
            f"{i}. {leccion} · {a.titulo}: {a.minutos} minutos; van {ganado}."
        )
    return [*lineas, ""]


def pagina(plan: str, raiz: Path = RAIZ) -> list[str]:
    """El horario de un plan y lo que se salta, en Markdown.

    Errores: ErrorDeHorario si el plan no existe o no cuadra.
    """
    if plan not in PLANES:
        raise ErrorDeHorario(f"No hay un horario «{plan}»: hay {', '.join(PLANES)}.")
    lineas: list[str] = []
    for jornada in PLANES[plan]:
        lineas += tabla(jornada, raiz)
    return [*lineas, "Si vas tarde, salta en este orden:", "",
            *lo_que_se_salta(plan, raiz)]  # fmt: skip


if __name__ == "__main__":
    try:
        print("\n".join(pagina(sys.argv[1] if len(sys.argv) > 1 else "")))
    except ErrorDeHorario as error:
        sys.exit(f"✗ {error}")
