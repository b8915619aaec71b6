"""La copia sucia de corpus_co ampliado, con la verdad de lo que se ensució."""

from __future__ import annotations

from .azar import Azar
from .ensuciar import casi_igual, ensuciar_texto
from .suciedad import leer_baja_calidad, leer_otros_idiomas, leer_piezas
from .voces import leer_corpus_co_ampliado

SEMILLA = 2026
PROBLEMAS = (
    "relleno",
    "mojibake",
    "mojibake_doble",
    "nfd",
    "datos_personales",
    "licencia",
    "duplicado_exacto",
    "duplicado_sucio",
    "duplicado_casi",
    "otro_idioma",
    "baja_calidad",
)
# Qué parte de los textos limpios lleva cada problema, o cuántas copias salen de ellos.
CUOTAS = {
    "relleno": 0.35,
    "mojibake": 0.12,
    "mojibake_doble": 0.05,
    "nfd": 0.08,
    "datos_personales": 0.28,
    "senuelos": 0.18,
    "duplicado_exacto": 0.10,
    "duplicado_sucio": 0.08,
    "duplicado_casi": 0.16,
    "licencia": 0.12,
}


def _sortear(nombre: str, ids: list[str], cuantos: int, semilla: int) -> list[str]:
    return Azar(semilla, nombre).barajar(ids)[:cuantos]


def _planear(ids: list[str], semilla: int) -> dict[str, set[str]]:
    """Qué problemas lleva cada texto limpio. Las tres codificaciones no se mezclan."""
    plan: dict[str, set[str]] = {i: set() for i in ids}
    for nombre in ("relleno", "datos_personales", "senuelos"):
        for i in _sortear(nombre, ids, round(CUOTAS[nombre] * len(ids)), semilla):
            plan[i].add(nombre)
    turno = iter(_sortear("codificacion", ids, len(ids), semilla))
    for nombre in ("mojibake", "mojibake_doble", "nfd"):
        for _ in range(round(CUOTAS[nombre] * len(ids))):
            plan[next(turno)].add(nombre)
    return plan


def _fila(clave: str, origen: str | None, texto: str, problemas, **verdad) -> dict:
    """Una fila de la copia sucia, todavía sin id, licencia ni dirección."""
    vacia = {"duplicado_de": None, "datos_personales": [], "senuelos": []}
    vacia |= {"lineas_relleno": [], "codificacion": [], "cambios": [], "idioma": "es"}
    verdad = {"origen": origen, "problemas": set(problemas), **vacia, **verdad}
    return {"clave": clave, "texto": texto, "verdad": verdad}


def _ensuciar_todo(limpias: list[dict], piezas: dict, semilla: int) -> list[dict]:
    """Los textos limpios, ensuciados, y sus tres clases de copia."""
    ids = [fila["id"] for fila in limpias]
    por_id = dict(zip(ids, limpias, strict=True))
    plan, filas, cuota = _planear(ids, semilla), {}, {}
    for nombre in CUOTAS:
        cuota[nombre] = round(CUOTAS[nombre] * len(ids))
    for i in ids:
        azar = Azar(semilla, "texto", i)
        texto, verdad = ensuciar_texto(por_id[i], plan[i], piezas, azar)
        filas[i] = _fila(i, i, texto, plan[i], **verdad)
    exactos = _sortear("exacto", ids, cuota["duplicado_exacto"], semilla)
    copias = []
    for i in exactos:
        verdad = {**filas[i]["verdad"], "duplicado_de": i}
        verdad["problemas"] = verdad["problemas"] | {"duplicado_exacto"}
        copias.append({"clave": f"{i}=", "texto": filas[i]["texto"], "verdad": verdad})
    libres = [
        i
        for i in ids
        if i not in exactos and not plan[i] & {"datos_personales", "senuelos"}
    ]
    libres = _sortear("copias", libres, len(libres), semilla)
    sucios = libres[: cuota["duplicado_sucio"]]
    casi = libres[len(sucios) :][: cuota["duplicado_casi"]]
    for i in sucios:
        azar = Azar(semilla, "sucio", i)
        otros = {"relleno"} | azar.elegir([set(), {"mojibake"}, {"nfd"}])
        texto, verdad = ensuciar_texto(por_id[i], otros, piezas, azar)
        problemas = otros | {"duplicado_sucio"}
        copias.append(_fila(f"{i}+", i, texto, problemas, duplicado_de=i, **verdad))
    for i in casi:
        azar = Azar(semilla, "casi", i)
        texto, cambios = casi_igual(por_id[i]["texto"], piezas["sinonimos"], azar)
        verdad = {"duplicado_de": i, "cambios": cambios}
        copias.append(_fila(f"{i}~", i, texto, {"duplicado_casi"}, **verdad))
    return [*filas.values(), *copias]


def _ajenas() -> list[dict]:
    """Textos que no salen de corpus_co: otras lenguas y baja calidad."""
    filas = [
        _fila(f["id"], None, f["texto"], {"otro_idioma"}, idioma=f["idioma"])
        for f in leer_otros_idiomas()
    ]
    return filas + [
        _fila(f["id"], None, f["texto"], {"baja_calidad"}) for f in leer_baja_calidad()
    ]


def construir_corpus_co_sucio(
    limpias: list[dict] | None = None, semilla: int = SEMILLA
) -> dict[str, list[dict]]:
    """La copia sucia de corpus_co ampliado, en una sola partición, `todo`.

    Argumentos: `limpias`, otras filas como las de corpus_co; `semilla`, un entero.
    Devuelve filas con `id`, `texto`, `licencia`, `url` y `verdad`: lo que se hizo con
    cada una. Con la misma semilla sale siempre lo mismo.
    Errores: ErrorDelTaller si un archivo de datos está mal.
    """
    limpias = leer_corpus_co_ampliado() if limpias is None else limpias
    piezas = leer_piezas()
    filas = _ensuciar_todo(limpias, piezas, semilla) + _ajenas()
    filas = Azar(semilla, "orden").barajar(filas)
    claves = [fila.pop("clave") for fila in filas]
    ids = {clave: f"sucio-{n:03d}" for n, clave in enumerate(claves, start=1)}
    malas = _sortear("licencia", claves, round(CUOTAS["licencia"] * len(ids)), semilla)
    listas = []
    for clave, fila in zip(claves, filas, strict=True):
        azar, verdad = Azar(semilla, "pagina", clave), dict(fila["verdad"])
        problemas = verdad["problemas"] - {"senuelos"}
        problemas |= {"licencia"} if clave in malas else set()
        verdad["problemas"] = [p for p in PROBLEMAS if p in problemas]
        de = verdad["duplicado_de"]
        verdad["duplicado_de"] = ids[de] if de else None
        cual = "no_permitidas" if clave in malas else "permitidas"
        pagina, final = ids[clave], ""
        if "duplicado_exacto" in problemas and azar.entero(2):
            pagina, final = ids[de], "?utm_source=boletin"
        listas.append(
            {
                "id": ids[clave],
                "texto": fila["texto"],
                "licencia": azar.elegir(piezas["licencias"][cual]),
                "url": f"https://ejemplo.example/paginas/{pagina[6:]}{final}",
                "verdad": verdad,
            }
        )
    return {"todo": listas}
