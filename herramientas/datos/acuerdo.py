"""Pregunta a hablantes por los pares de variedades y mide si están de acuerdo.

    python -m herramientas.datos.acuerdo formulario \\
        --zona CO AR MX CL ES --n 60 --personas 3 --carpeta formularios
    python -m herramientas.datos.acuerdo calcular respuestas/*.csv --salida acuerdo.json

`formulario` escribe un CSV por persona, con las mismas oraciones y otro orden; de cada
marco pregunta un solo par, porque el otro lo delataría. No lleva la respuesta: al
volver, `calcular` la busca en los datos por el id y por el texto.
Cada archivo que vuelve es de una persona; no debe llevar su nombre.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from herramientas.archivos import guardar_json
from taller.conjuntos.variedades import GRUPOS, construir_variedades
from taller.errores import ErrorDelTaller
from taller.estadistica import intervalo

PREGUNTA = "¿Cuál dirías?"
OPCIONES = ("A", "B", "las dos", "ninguna")
COLUMNAS = ("id", "zona", "pregunta", "A", "B", "respuesta", "comentario")
NECESARIAS = ("id", "zona", "A", "B", "respuesta")


@dataclass(frozen=True)
class Respuesta:
    """Lo que dijo una persona de un par: buena, mala, las dos o ninguna."""

    persona: str
    zona: str
    par: str
    fenomeno: str
    eleccion: str


def _resumen(*partes: str) -> bytes:
    return hashlib.blake2b("|".join(partes).encode(), digest_size=4).digest()


def codigo(par: dict) -> str:
    """El id que ve la persona: no dice de qué fenómeno es el par."""
    return f"p-{_resumen(par['id']).hex()}"


def leer_pares() -> list[dict]:
    """Los pares que se promedian: todos menos los de diagnóstico."""
    todos = [par for filas in construir_variedades().values() for par in filas]
    return [par for par in todos if par["fenomeno"] not in GRUPOS["diagnostico"]]


# --- El formulario ------------------------------------------------------------------


def elegir(pares: list[dict], zona: str, n: int, semilla: int = 0) -> list[dict]:
    """Elige `n` pares de una zona, por turnos entre sus fenómenos; uno por marco.

    Lanza ErrorDelTaller si la zona no tiene pares o si `n` no es positivo.
    """
    if n < 1:
        raise ErrorDelTaller("El formulario necesita al menos un par: usa --n 60.")
    zonas = sorted({z for par in pares for z in par["zonas"]})
    if zona not in zonas:
        raise ErrorDelTaller(
            f"No hay pares de la zona «{zona}». Las que hay: {', '.join(zonas)}."
        )
    montones: dict[str, list[dict]] = {}
    marcos = set()
    for par in sorted(pares, key=lambda p: _resumen(str(semilla), zona, p["id"])):
        marco = par.get("marco", par["id"])
        if zona in par["zonas"] and marco not in marcos:
            marcos.add(marco)
            montones.setdefault(par["fenomeno"], []).append(par)
    elegidos: list[dict] = []
    while len(elegidos) < n and any(montones.values()):
        for nombre in sorted(montones):
            if montones[nombre] and len(elegidos) < n:
                elegidos.append(montones[nombre].pop(0))
    return elegidos


def formulario(elegidos: list[dict], zona: str, azar: random.Random) -> list[dict]:
    """Las filas del formulario, con las oraciones y los lados en desorden."""
    filas = []
    for par in azar.sample(elegidos, len(elegidos)):
        a, b = azar.sample([par["buena"], par["mala"]], 2)
        fila = {"id": codigo(par), "zona": zona, "pregunta": PREGUNTA, "A": a, "B": b}
        filas.append(fila | {"respuesta": "", "comentario": ""})
    return filas


def escribir_formularios(
    zona: str, n: int, personas: int = 1, semilla: int = 0, carpeta: Path | None = None
) -> list[Path]:
    """Escribe un CSV por persona y devuelve sus rutas.

    No pisa un archivo que ya existe: podría tener respuestas.
    """
    if personas < 1:
        raise ErrorDelTaller("Pide al menos un formulario: usa --personas 1.")
    carpeta = carpeta or Path.cwd()
    elegidos = elegir(leer_pares(), zona, n, semilla)
    rutas = [carpeta / f"formulario_{zona}_{i}.csv" for i in range(1, personas + 1)]
    if ya := [ruta for ruta in rutas if ruta.exists()]:
        raise ErrorDelTaller(
            f"Ya existe {ya[0]} y podría tener respuestas. Bórralo o usa --carpeta."
        )
    carpeta.mkdir(parents=True, exist_ok=True)
    for i, ruta in enumerate(rutas, start=1):
        azar = random.Random(f"{semilla} {zona} {i}")
        # con la marca de orden de bytes, las hojas de cálculo aciertan con las tildes
        with ruta.open("w", encoding="utf-8-sig", newline="") as archivo:
            escritor = csv.DictWriter(archivo, COLUMNAS)
            escritor.writeheader()
            escritor.writerows(formulario(elegidos, zona, azar))
    return rutas


# --- Las respuestas -----------------------------------------------------------------


def leer_respuestas(ruta: Path, pares: dict[str, dict]) -> list[Respuesta]:
    """Lee el CSV de una persona; salta lo que dejó sin responder.

    Argumentos: `pares`, los del conjunto, por su código.
    Lanza ErrorDelTaller, con archivo y línea, si algo no se entiende.
    """
    if not ruta.is_file():
        raise ErrorDelTaller(f"No existe el archivo {ruta}. Revisa el nombre.")
    try:
        texto = ruta.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as causa:
        raise ErrorDelTaller(
            f"{ruta}: no está en UTF-8. Guárdalo como «CSV UTF-8»."
        ) from causa
    encabezado = texto.split("\n", 1)[0]
    separador = ";" if encabezado.count(";") > encabezado.count(",") else ","
    lector = csv.DictReader(io.StringIO(texto, newline=""), delimiter=separador)
    columnas = lector.fieldnames or []
    if faltan := [nombre for nombre in NECESARIAS if nombre not in columnas]:
        raise ErrorDelTaller(
            f"{ruta}, línea 1: falta la columna «{faltan[0]}». "
            f"Deben estar: {', '.join(NECESARIAS)}."
        )
    respuestas: dict[str, Respuesta | None] = {}
    zonas = set()
    for fila in lector:
        fila = {nombre: (fila[nombre] or "").strip() for nombre in NECESARIAS}
        if not any(fila.values()):
            continue
        donde = f"{ruta}, línea {lector.line_num}"
        if fila["id"] in respuestas:
            raise ErrorDelTaller(f"{donde}: el id «{fila['id']}» está repetido.")
        zonas.add(fila["zona"])
        if len(zonas) > 1:
            raise ErrorDelTaller(
                f"{donde}: la zona cambia a «{fila['zona']}». "
                "Cada archivo es de una persona y de una zona."
            )
        try:
            respuestas[fila["id"]] = _entender(fila, pares.get(fila["id"]), ruta.stem)
        except ErrorDelTaller as causa:
            raise ErrorDelTaller(f"{donde}: {causa}") from causa
    return [respuesta for respuesta in respuestas.values() if respuesta]


def _entender(fila: dict, par: dict | None, persona: str) -> Respuesta | None:
    """La respuesta de una fila, o None si quedó en blanco."""
    if par is None:
        raise ErrorDelTaller(
            f"no conozco el id «{fila['id']}». No cambies la columna «id»."
        )
    if fila["zona"] not in par["zonas"]:
        raise ErrorDelTaller(
            f"el par es de {', '.join(par['zonas'])} y la fila dice «{fila['zona']}»."
        )
    lados = {par["buena"]: "buena", par["mala"]: "mala"}
    if {fila["A"], fila["B"]} != set(lados):
        raise ErrorDelTaller(
            "las oraciones no son las de los datos. No las cambies; si el conjunto se "
            "corrigió después, usa la versión con que se hizo el formulario."
        )
    dicho = fila["respuesta"].casefold()
    if not dicho:
        return None
    if dicho not in [opcion.casefold() for opcion in OPCIONES]:
        raise ErrorDelTaller(
            f"no entiendo la respuesta «{fila['respuesta']}». "
            f"Usa una de estas: {', '.join(OPCIONES)}."
        )
    eleccion = lados[fila[dicho.upper()]] if dicho in ("a", "b") else dicho
    return Respuesta(persona, fila["zona"], par["id"], par["fenomeno"], eleccion)


# --- El acuerdo ---------------------------------------------------------------------


def alfa(respuestas: list[Respuesta]) -> float | None:
    """Alfa de Krippendorff nominal entre personas, o None si no se puede calcular.

    Sirve el alfa, y no la kappa de Fleiss, porque no todas las personas responden los
    mismos pares. Las dos oraciones se numeran con un sorteo fijo por par: quien
    responde no ve cuál es la nuestra, así que preferirla siempre no es azar.
    """
    import krippendorff
    import numpy as np

    veces = Counter(r.par for r in respuestas)
    utiles = [r for r in respuestas if veces[r.par] > 1]
    pares = sorted({r.par for r in utiles})
    personas = sorted({r.persona for r in utiles})
    tabla = np.full((len(personas), len(pares)), np.nan)
    for r in utiles:
        primero = ("buena", "mala")[_resumen("lado", r.par)[0] % 2]
        valor = {"las dos": 2, "ninguna": 3}.get(r.eleccion, int(r.eleccion != primero))
        tabla[personas.index(r.persona), pares.index(r.par)] = valor
    if len(np.unique(tabla[~np.isnan(tabla)])) < 2:
        return None  # nadie coincide en un par, o todos dijeron lo mismo en todos
    return float(krippendorff.alpha(tabla, level_of_measurement="nominal"))


def medir(respuestas: list[Respuesta]) -> dict:
    """Acuerdo de unas respuestas con nuestra etiqueta, y entre las personas.

    El acuerdo de un par es la parte de sus respuestas que elige `buena`; «las dos» y
    «ninguna» no la eligen. El de la celda es el promedio de sus pares, y el intervalo
    de Wilson toma n = pares: dos respuestas al mismo par no son independientes.
    """
    por_par: dict[str, list[bool]] = {}
    for r in respuestas:
        por_par.setdefault(r.par, []).append(r.eleccion == "buena")
    partes = {par: sum(dichos) / len(dichos) for par, dichos in por_par.items()}
    n = len(partes)
    acuerdo = sum(partes.values()) / n
    _, bajo, alto = intervalo(round(acuerdo * n), n)
    total = Counter(r.eleccion for r in respuestas)
    return {
        "personas": len({r.persona for r in respuestas}),
        "pares": n,
        "respuestas": len(respuestas),
        "acuerdo": acuerdo,
        "bajo": bajo,
        "alto": alto,
        "las_dos": total["las dos"] / len(respuestas),
        "ninguna": total["ninguna"] / len(respuestas),
        "alfa": alfa(respuestas),
    }


def calcular(rutas: list[Path]) -> dict:
    """Mide el acuerdo por fenómeno y zona, y señala los pares que hay que revisar.

    Lanza ErrorDelTaller, con archivo y línea, si un archivo no se entiende.
    """
    if repetidas := [
        r.stem for r in rutas if [x.stem for x in rutas].count(r.stem) > 1
    ]:
        raise ErrorDelTaller(
            f"Hay dos archivos «{repetidas[0]}»: dale a cada persona un nombre propio."
        )
    pares = {codigo(par): par for par in leer_pares()}
    todas = [r for ruta in rutas for r in leer_respuestas(ruta, pares)]
    if not todas:
        raise ErrorDelTaller("No hay ninguna respuesta en esos archivos.")
    grupos: dict[tuple[str, str], list[Respuesta]] = {}
    for r in todas:
        for celda in {(r.fenomeno, r.zona), ("todos", r.zona), (r.fenomeno, "todas")}:
            grupos.setdefault(celda, []).append(r)
    celdas = [
        {"fenomeno": fenomeno, "zona": zona} | medir(grupo)
        for (fenomeno, zona), grupo in sorted(grupos.items())
    ]
    celdas.append({"fenomeno": "todos", "zona": "todas"} | medir(todas))
    return {"celdas": celdas, "por_revisar": _por_revisar(todas)}


def _por_revisar(respuestas: list[Respuesta]) -> list[str]:
    """Pares con dos respuestas o más en que la mayoría no elige nuestra oración."""
    por_par: dict[str, list[bool]] = {}
    for r in respuestas:
        por_par.setdefault(r.par, []).append(r.eleccion == "buena")
    return sorted(
        par for par, d in por_par.items() if len(d) > 1 and sum(d) <= len(d) / 2
    )


def tabla(cifras: dict) -> str:
    """Las cifras, como tabla de Markdown con coma decimal."""

    def ciento(valor: float) -> str:
        return f"{100 * valor:.0f}"

    filas = [
        "| fenómeno | zona | personas | pares | respuestas | acuerdo % | IC 95 % "
        "| las dos % | ninguna % | alfa |",
        "|---|---|" + "---:|" * 8,
    ]
    for c in cifras["celdas"]:
        entre_si = "no definido" if c["alfa"] is None else f"{c['alfa']:.2f}"
        celdas = [c["fenomeno"], c["zona"], c["personas"], c["pares"], c["respuestas"]]
        celdas += [ciento(c["acuerdo"]), f"{ciento(c['bajo'])}-{ciento(c['alto'])}"]
        celdas += [ciento(c["las_dos"]), ciento(c["ninguna"]), entre_si]
        filas.append("| " + " | ".join(map(str, celdas)).replace(".", ",") + " |")
    if cifras["por_revisar"]:
        filas.append("\nPares por revisar: " + ", ".join(cifras["por_revisar"]) + ".")
    return "\n".join(filas)


# --- La orden -----------------------------------------------------------------------


def _argumentos(argumentos: list[str] | None) -> argparse.Namespace:
    analizador = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ordenes = analizador.add_subparsers(dest="orden", required=True)
    hacer = ordenes.add_parser("formulario", help="escribe los CSV para responder")
    hacer.add_argument(
        "--zona", nargs="+", required=True, help="códigos de país, como CO AR"
    )
    hacer.add_argument("--n", type=int, default=60, help="cuántos pares (60)")
    hacer.add_argument("--personas", type=int, default=1, help="cuántos CSV (1)")
    hacer.add_argument("--semilla", type=int, default=0, help="otra elección de pares")
    hacer.add_argument("--carpeta", type=Path, default=Path.cwd(), help="dónde")
    medicion = ordenes.add_parser("calcular", help="mide el acuerdo de las respuestas")
    medicion.add_argument("archivos", type=Path, nargs="+")
    medicion.add_argument("--salida", type=Path, help="además, un JSON con las cifras")
    return analizador.parse_args(argumentos)


def principal(argumentos: list[str] | None = None) -> int:
    """Hace lo pedido; si algo no se entiende, dice una frase y devuelve 1."""
    pedido = _argumentos(argumentos)
    try:
        if pedido.orden == "formulario":
            como = (pedido.n, pedido.personas, pedido.semilla, pedido.carpeta)
            hechas = [escribir_formularios(zona, *como) for zona in pedido.zona]
            for ruta in sum(hechas, []):
                lineas = len(ruta.read_text("utf-8").splitlines()) - 1
                print(f"{ruta}: {lineas} pares.")
            return 0
        cifras = calcular(pedido.archivos)
        print(tabla(cifras))
        if pedido.salida:
            guardar_json(pedido.salida, cifras)
        return 0
    except ErrorDelTaller as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(principal())
