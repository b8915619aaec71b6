"""Resume talleres y cuestionarios en las cifras que pide una colaboración.

    make impacto ARGS=carpeta                escribe impacto.md en esa carpeta
    make impacto ARGS="carpeta --ejemplo"    la llena antes de respuestas inventadas

Lee, si están: talleres.csv (un taller por fila), respuestas.csv (los cuestionarios de
book/cuestionarios.md), acta*.csv (lo que escribe `make acta`) y aportes.csv (personas
que contribuyeron, filas de datos devueltas y evaluaciones hechas con el curso). De lo
que no está dice «sin datos». Si una fila está marcada como inventada, lo dice arriba.
Lo mismo, con figuras, en impacto.ipynb, que abre `make lab ARGS=impacto`.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import statistics
import sys
from collections import Counter
from pathlib import Path

from herramientas.archivos import RAIZ, escribiendo, escribir_texto, razon

PAGINA = RAIZ / "book" / "cuestionarios.md"
PREGUNTAS = 10
MOMENTOS = ("entrada", "salida")
SIN_DATOS = "sin datos"
COLUMNAS = {
    "talleres.csv": (
        "taller", "fecha", "lugar", "pais", "inscritas", "al_comienzo", "al_final",
    ),
    "respuestas.csv": (
        "codigo", "momento", "pais", *(f"p{i}" for i in range(1, PREGUNTAS + 1)),
    ),
    "aportes.csv": ("fecha", "tipo", "cuantos", "detalle"),
}  # fmt: skip
TIPOS = {
    "persona": "Personas que contribuyeron",
    "datos": "Filas de datos devueltas",
    "evaluacion": "Evaluaciones hechas con el curso",
}


class ErrorDeImpacto(Exception):
    """Un problema que la persona puede resolver; su texto ya está en español."""


def claves(pagina: Path = PAGINA) -> dict[str, list[str]]:
    """Las letras correctas de cada cuestionario, como están en su página."""
    texto = pagina.read_text(encoding="utf-8")
    salida = {}
    for momento in MOMENTOS:
        linea = re.search(rf"(?m)^Clave de {momento}: (.+)\.$", texto)
        pares = re.findall(r"(\d+) ([a-d])", linea[1]) if linea else []
        if [int(n) for n, _ in pares] != list(range(1, PREGUNTAS + 1)):
            raise ErrorDeImpacto(f"{pagina.name} no trae la clave de {momento} entera.")
        salida[momento] = [letra for _, letra in pares]
    return salida


def leer(carpeta: Path, nombre: str) -> list[dict]:
    """Las filas de un CSV; ninguna si no está. Lanza ErrorDeImpacto si le falta algo.

    Vale separado por comas o por punto y coma, en UTF-8 o como lo guarda Excel en
    español, y con comillas o sin ellas. Las filas sin ningún valor no cuentan.
    """
    ruta = carpeta / nombre
    if not ruta.exists():
        return []
    try:
        octetos = ruta.read_bytes()
    except OSError as error:
        raise ErrorDeImpacto(
            f"No se pudo leer {ruta}: {razon(error)}. Revísalo y repite."
        ) from error
    try:
        texto = octetos.decode("utf-8-sig")
    except UnicodeDecodeError:  # el «CSV (delimitado por comas)» de Excel
        texto = octetos.decode("cp1252", "replace")
    primera = texto.partition("\n")[0]
    separa = ";" if primera.count(";") > primera.count(",") else ","
    lector = csv.DictReader(io.StringIO(texto, newline=""), delimiter=separa)
    hay = {columna.strip() for columna in lector.fieldnames or ()}
    if faltan := [c for c in COLUMNAS.get(nombre, ()) if c not in hay]:
        raise ErrorDeImpacto(f"A {nombre} le faltan columnas: {', '.join(faltan)}.")
    filas = [
        {k.strip(): (v or "").strip() for k, v in fila.items() if k} for fila in lector
    ]
    return [fila for fila in filas if any(fila.values())]


def _entero(fila: dict, columna: str, archivo: str) -> int | None:
    valor = fila[columna]
    if not valor:
        return None
    if not valor.isdigit():
        raise ErrorDeImpacto(f"{archivo}: «{valor}» no es un número, en «{columna}».")
    return int(valor)


def coma(valor: float, decimales: int = 1) -> str:
    """Con coma decimal y el signo menos de imprenta."""
    return f"{valor:.{decimales}f}".replace(".", ",").replace("-", "−")


# --- Las cuentas --------------------------------------------------------------------


def de_los_talleres(filas: list[dict]) -> list[tuple[str, str]]:
    """Talleres, personas, países y cuántas terminaron."""
    if not filas:
        nada = ("Talleres", "Participantes", "Países", "Terminaron")
        return [(que, SIN_DATOS) for que in nada]
    archivo = "talleres.csv"
    paises = sorted({f["pais"] for f in filas if f["pais"]})
    comienzo = [_entero(f, "al_comienzo", archivo) for f in filas]
    final = [_entero(f, "al_final", archivo) for f in filas]
    contados = [n for n in comienzo if n is not None]
    faltan = len(filas) - len(contados)
    sin = f" (sin contar en {faltan})" if faltan else ""
    pares = [
        (a, b) for a, b in zip(comienzo, final, strict=True) if a and b is not None
    ]
    terminaron = SIN_DATOS
    if pares:
        n, k = sum(a for a, _ in pares), sum(b for _, b in pares)
        terminaron = _proporcion(k, n) if k <= n else f"{k}, más que al comienzo ({n})"
    return [
        ("Talleres", str(len(filas))),
        ("Participantes", f"{sum(contados)}{sin}" if contados else SIN_DATOS),
        ("Países", f"{len(paises)}: {', '.join(paises)}" if paises else SIN_DATOS),
        ("Terminaron", terminaron),
    ]


def _proporcion(k: int, n: int) -> str:
    from taller.estadistica import intervalo

    p, bajo, alto = (100 * x for x in intervalo(k, n))
    return f"{k} de {n}: {p:.0f} % (intervalo del 95 %: {bajo:.0f} a {alto:.0f})"


def calificar(filas: list[dict], clave: dict[str, list[str]]) -> dict[str, dict]:
    """Por momento y código, cuántas acertó de diez. Lo no respondido no acierta."""
    notas: dict[str, dict[str, int]] = {m: {} for m in MOMENTOS}
    for fila in filas:
        momento, codigo = fila["momento"].lower(), fila["codigo"].lower()
        if momento not in MOMENTOS:
            raise ErrorDeImpacto(
                f"respuestas.csv: «{fila['momento']}» no es un momento; usa entrada o "
                "salida."
            )
        if not codigo:
            raise ErrorDeImpacto("respuestas.csv: hay una fila sin código.")
        if codigo in notas[momento]:
            raise ErrorDeImpacto(
                f"respuestas.csv: el código «{codigo}» está dos veces en {momento}; "
                "cambia uno por el que diga la persona."
            )
        dadas = [fila[f"p{i}"].lower() for i in range(1, PREGUNTAS + 1)]
        notas[momento][codigo] = sum(map(str.__eq__, dadas, clave[momento]))
    return notas


def emparejar(notas: dict[str, dict]) -> list[tuple[int, int]]:
    """(aciertos antes, aciertos después) de quienes respondieron las dos veces."""
    antes, despues = (notas[m] for m in MOMENTOS)
    return [(antes[c], despues[c]) for c in sorted(set(antes) & set(despues))]


def por_pregunta(
    filas: list[dict], clave: dict[str, list[str]]
) -> dict[str, list[tuple[int, int]]]:
    """Por momento y pregunta, (cuántas personas acertaron, cuántas respondieron)."""
    salida = {}
    for momento in MOMENTOS:
        suyas = [f for f in filas if f["momento"].lower() == momento]
        salida[momento] = [
            (sum(f[f"p{i}"].lower() == letra for f in suyas), len(suyas))
            for i, letra in enumerate(clave[momento], start=1)
        ]
    return salida


def mejora(notas: dict[str, dict]) -> list[tuple[str, str]]:
    """Antes, después y la diferencia de quienes respondieron las dos veces.

    El intervalo es el de la media de diferencias por persona, con la t de Student.
    """
    antes, despues = (notas[m] for m in MOMENTOS)
    filas = [
        (f"Aciertos {cuando} (de {PREGUNTAS})",
         f"{coma(statistics.mean(grupo.values()))} de media, {len(grupo)} personas"
         if grupo else SIN_DATOS)
        for cuando, grupo in (("al entrar", antes), ("al salir", despues))
    ]  # fmt: skip
    ambas = emparejar(notas)
    dicho = SIN_DATOS
    if ambas:
        cambios = [b - a for a, b in ambas]
        media = statistics.mean(cambios)
        dicho = f"{'+' if media > 0 else ''}{coma(media)}, {len(ambas)} personas"
        if len(ambas) > 1 and (desvio := statistics.stdev(cambios)):
            from scipy.stats import t

            error = desvio / len(ambas) ** 0.5
            bajo, alto = t.interval(0.95, len(ambas) - 1, media, error)
            dicho += f" (intervalo del 95 %: {coma(bajo)} a {coma(alto)})"
        else:
            dicho += " (sin intervalo: hay muy pocas, o todas cambiaron igual)"
    filas.append(("Cambio de quien respondió las dos", dicho))
    solas = str(len(set(antes) ^ set(despues))) if antes or despues else SIN_DATOS
    filas.append(("Respondieron una sola vez", solas))
    return filas


def de_las_actas(carpeta: Path) -> list[tuple[str, str]]:
    """Cuántas personas entregaron y cuántos ejercicios resolvieron."""
    filas = [
        f for r in sorted(carpeta.glob("acta*.csv")) for f in leer(carpeta, r.name)
    ]
    if not filas:
        return [("Entregas", SIN_DATOS), ("Ejercicios por entrega", SIN_DATOS)]
    resueltos = [_entero(f, "resueltos", "acta.csv") or 0 for f in filas]
    return [
        ("Entregas", str(len(filas))),
        ("Ejercicios por entrega", f"{coma(statistics.median(resueltos))} de mediana"),
    ]


def de_los_aportes(filas: list[dict]) -> list[tuple[str, str]]:
    """Contribuciones, datos devueltos y evaluaciones: sumas de aportes.csv."""
    sumas: Counter[str] = Counter()
    for fila in filas:
        if fila["tipo"] not in TIPOS:
            raise ErrorDeImpacto(
                f"aportes.csv: «{fila['tipo']}» no es un tipo; usa {', '.join(TIPOS)}."
            )
        sumas[fila["tipo"]] += _entero(fila, "cuantos", "aportes.csv") or 0
    return [
        (rotulo, str(sumas[tipo]) if tipo in sumas else SIN_DATOS)
        for tipo, rotulo in TIPOS.items()
    ]


def informe(carpeta: Path) -> str:
    """El informe en Markdown. Lanza ErrorDeImpacto si un archivo no se entiende."""
    talleres, respuestas, aportes = (leer(carpeta, nombre) for nombre in COLUMNAS)
    inventadas = any(f.get("inventado") for f in [*talleres, *respuestas, *aportes])
    filas = [
        *de_los_talleres(talleres),
        *de_las_actas(carpeta),
        *mejora(calificar(respuestas, claves())),
        *de_los_aportes(aportes),
    ]
    aviso = (
        ["**Respuestas inventadas para probar el programa: no son de nadie.**",
         ""] if inventadas else []
    )  # fmt: skip
    return "\n".join(
        [
            "# Impacto del curso", "", *aviso, "| qué | cuánto |", "|---|---|",
            *(f"| {que} | {cuanto} |" for que, cuanto in filas), "",
            "Quien responde el cuestionario de salida es quien se quedó: el cambio no "
            "se extiende a quienes se fueron, y sin un grupo de comparación no prueba "
            "que lo causara el taller.", "",
        ]
    )  # fmt: skip


# --- Respuestas inventadas, para probar ---------------------------------------------


def inventar(carpeta: Path, semilla: int = 0) -> None:
    """Escribe talleres.csv y respuestas.csv inventados, marcados en cada fila.

    Lanza ErrorDeImpacto si ya hay alguno: nunca pisa respuestas de verdad.
    """
    if any((carpeta / nombre).exists() for nombre in COLUMNAS):
        raise ErrorDeImpacto(
            f"En «{carpeta}» ya hay datos: inventa en una carpeta vacía."
        )
    azar, clave = random.Random(semilla), claves()
    tablas = {
        "talleres.csv": [
            ["Inventado 1", "2000-01-01", "Sala A", "Colombia", 40, 35, 31],
            ["Inventado 2", "2000-01-02", "Sala B", "Chile", 50, 42, 30],
        ],
        "respuestas.csv": [],
    }
    for momento, saben in (("entrada", 0.4), ("salida", 0.7)):
        for i in range(30 if momento == "entrada" else 24):
            dadas = [
                letra if azar.random() < saben else azar.choice("abcde")
                for letra in clave[momento]
            ]
            pais = "Colombia" if i % 2 else "Chile"
            tablas["respuestas.csv"].append([f"in{i:02d}", momento, pais, *dadas])
    for nombre, filas in tablas.items():
        lineas = [",".join([*COLUMNAS[nombre], "inventado"])]
        lineas += [",".join(map(str, [*fila, "sí"])) for fila in filas]
        escribir_texto(carpeta / nombre, "\n".join(lineas) + "\n")


def principal(argumentos: list[str] | None = None) -> int:
    lector = argparse.ArgumentParser(
        description="Resume talleres y cuestionarios en impacto.md."
    )
    lector.add_argument("carpeta", nargs="?", default="impacto", type=Path)
    lector.add_argument(
        "--ejemplo", action="store_true", help="antes, la llena de datos inventados"
    )
    opciones = lector.parse_args(argumentos)
    ruta = opciones.carpeta / "impacto.md"
    try:
        if opciones.ejemplo:
            with escribiendo(opciones.carpeta, ErrorDeImpacto):
                inventar(opciones.carpeta)
        texto = informe(opciones.carpeta)
        with escribiendo(ruta, ErrorDeImpacto):
            escribir_texto(ruta, texto)
    except ErrorDeImpacto as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    print(texto)
    print(f"Escrito en {ruta}")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
