"""Finanzas, versión 1: la 0 con los cambios de finanzas/cambios.json.

Las lecciones 11 y 12 usan la 0 (`finanzas.py`): con sus filas se midió el estudio de
la 12. La 1, que se publica, trae otras noticias neutras, tres preguntas corregidas y,
en cada pregunta, los otros nombres de la respuesta y de dónde sale.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..errores import ErrorDelTaller
from .finanzas import CAMPOS, DATOS, construir_finanzas
from .jsonl import falla_de_campos, falla_de_lista, leer_json
from .respuestas import normalizar

RESPALDOS = ("norma", "oficial", "publicado", "debil")
FECHAS = ("consultado", "vigente_hasta")
# Lo que las preguntas llevan de más; con este valor si el cambio no dice otro.
DE_MAS = {"alias": (), "respaldo": None, "consultado": None, "vigente_hasta": None}


def construir_finanzas_corregidas(
    parte: str, cambios: str | Path | None = None
) -> dict[str, list[dict]]:
    """Una parte de la versión 1, separada por partición.

    Argumentos: `parte`, «sentimiento», «entidades» o «preguntas»; `cambios`, otro
    archivo con la misma forma: de cada parte, de id a los campos que cambian, o a null
    si la fila se quita.
    Devuelve lo mismo que `construir_finanzas`. Las preguntas traen además `alias`, una
    lista; `respaldo`, qué clase de fuente es; y `consultado` y `vigente_hasta`, una
    fecha AAAA-MM-DD o nada.
    Errores: ErrorDelTaller si la parte no existe, si el archivo no se puede leer o, con
    su id, si un cambio está mal.
    """
    partes = construir_finanzas(parte)
    ruta = Path(cambios or DATOS / "cambios.json")
    suyos = leer_json(ruta, CAMPOS)[parte]
    ids = {fila["id"] for filas in partes.values() for fila in filas}
    if sobran := sorted(set(suyos) - ids):
        raise ErrorDelTaller(f"{ruta}: no hay ninguna fila «{sobran[0]}» que cambiar.")
    return {
        particion: [
            _cambiar(fila, suyos.get(fila["id"], {}), parte, ruta)
            for fila in filas
            if suyos.get(fila["id"], {}) is not None
        ]
        for particion, filas in partes.items()
    }


def _cambiar(fila: dict, cambio: dict, parte: str, ruta: Path) -> dict:
    """La fila con sus cambios, revisada."""
    extra = {c: list(v) if c == "alias" else v for c, v in DE_MAS.items()}
    nueva = fila | (extra if parte == "preguntas" else {}) | cambio
    falla = None
    if sobran := sorted(set(nueva) - set(CAMPOS[parte]) - set(extra)):
        falla = f"sobra el campo «{sobran[0]}»."
    elif parte == "preguntas":
        falla = revisar_pregunta(nueva)
    else:
        falla = falla_de_campos(nueva, {"texto": None})
        for e in nueva.get("entidades", []):
            if nueva["texto"][e["inicio"] : e["fin"]] != e["texto"]:
                falla = f"«{e['texto']}» no está donde dice."
    if falla:
        raise ErrorDelTaller(f"{ruta}, «{fila['id']}»: {falla}")
    return nueva


def revisar_pregunta(fila: dict) -> str | None:
    """La primera falla de una pregunta, o nada."""
    textos = CAMPOS["preguntas"] | {"respaldo": RESPALDOS}
    if falla := falla_de_campos(fila, textos):
        return falla
    nombres = fila["alias"]
    if not isinstance(nombres, list):
        return "«alias» debe ser una lista, aunque esté vacía."
    if nombres and (falla := falla_de_lista("alias", nombres)):
        return falla
    dichas = [normalizar(x) for x in (fila["respuesta"], *nombres)]
    if len(set(dichas)) < len(dichas):
        return "un alias repite la respuesta u otro alias."
    for campo in FECHAS:
        if fila[campo] is not None and not _es_fecha(fila[campo]):
            return f"«{campo}» debe ser una fecha AAAA-MM-DD o null."
    return None


def _es_fecha(valor: object) -> bool:
    try:
        return isinstance(valor, str) and date.fromisoformat(valor).isoformat() == valor
    except ValueError:
        return False
