"""Oraciones libres de tratamientos: escritas a mano, sin marcos ni plantillas.

Cada una va en tú, como la escribiría una persona, y trae todas las respuestas que se
aceptan en vos y en usted; la primera es la más usual. Con vos se acepta el subjuntivo
de tú y el voseante («no digas», «no digás»); con usted, el complemento directo «lo»,
«la» y el «le» de cortesía, porque la oración no dice el sexo de la persona.
"""

from __future__ import annotations

import re
from pathlib import Path

from .. import recursos
from .jsonl import falla_de_campos, falla_de_lista, leer_jsonl

RUTA = recursos.DATOS / "libres.jsonl"
CAMPOS = "id particion origen respuestas rasgos".split()
TRATOS = ("vos", "usted")
# Cada partición y cómo empiezan sus identificadores: con la primera se elige; la
# segunda se lee una sola vez, al final.
PARTICIONES = {"libres_validacion": "libreval", "libres": "libre"}
# Qué dice cada rasgo de la oración de origen.
RASGOS = {
    "una_sola": "un único verbo conjugado, de cualquier persona",
    "dos_verbos": "dos o más verbos en segunda persona",
    "irregular": "en segunda persona, un verbo irregular o con cambio de raíz",
    "clitico": "«te» como complemento, sin ser reflexivo: te llamo, quiero verte",
    "enclitico": "pronombre pegado al imperativo, o «te» al infinitivo",
    "reflexivo": "verbo pronominal en segunda persona: te acuerdas, siéntate",
    "pronombre": "«tú», «ti» o «contigo»",
    "posesivo": "«tu», «tus», «tuyo» o «tuya»",
    "subordinada": "una oración dentro de otra",
    "subjuntivo": "forma de segunda persona que vale también con vos",
    "imperativo": "orden afirmativa",
    "imperativo_negativo": "orden negativa; es también subjuntivo",
    "pretérito": "segunda persona en pretérito",
    "imperfecto": "segunda persona en imperfecto de indicativo",
    "futuro": "segunda persona en futuro",
    "condicional": "segunda persona en condicional",
    "igual_en_vos": "con vos la oración se queda como está",
}


def _cierre(texto: str) -> str:
    """El signo con que termina una oración, o nada."""
    return re.search(r"[^\w\s]*$", texto).group()


def _falla_de_respuestas(origen: str, respuestas: object) -> str | None:
    """Por qué las respuestas de una oración no sirven, o nada."""
    if not isinstance(respuestas, dict) or set(respuestas) != set(TRATOS):
        return "«respuestas» debe ser un objeto con dos listas: vos y usted."
    for trato in TRATOS:
        textos = respuestas[trato]
        if falla := falla_de_lista(trato, textos):
            return falla
        if len(set(textos)) < len(textos):
            return f"hay una respuesta repetida en «{trato}»."
        if malas := [t for t in textos if _cierre(t) != _cierre(origen)]:
            return f"«{malas[0]}» no termina con el signo del origen."
    return None


def _revisar(fila: dict) -> str | None:
    """La frase que explica la falla de una fila, o nada."""
    origen, respuestas = fila["origen"], fila["respuestas"]
    falla = (
        falla_de_campos(fila, {"id": None, "particion": PARTICIONES, "origen": None})
        or falla_de_lista("rasgos", fila["rasgos"], RASGOS)
        or _falla_de_respuestas(origen, respuestas)
    )
    if falla:
        return falla
    if len(set(fila["rasgos"])) < len(fila["rasgos"]):
        return "hay un rasgo repetido."
    prefijo = PARTICIONES[fila["particion"]]
    if not re.fullmatch(prefijo + r"-[0-9]{3}", fila["id"]):
        return f"el id «{fila['id']}» debe ser como «{prefijo}-001»."
    if origen in respuestas["usted"]:
        return "una respuesta en usted es igual al origen."
    if (origen in respuestas["vos"]) != ("igual_en_vos" in fila["rasgos"]):
        return (
            "el rasgo «igual_en_vos» va si, y solo si, el origen está entre las "
            "respuestas en vos."
        )
    return None


def construir_libres(ruta: str | Path = RUTA) -> dict[str, list[dict]]:
    """Lee las oraciones libres de tratamientos, por partición.

    Argumentos: `ruta`, el archivo JSONL; si no se da, el del curso.
    Resultado: un diccionario con dos listas, `libres_validacion` (para elegir) y
    `libres` (para medir una vez, al final). Cada fila trae id, particion, origen (en
    tú), respuestas (las que se aceptan en vos y en usted, primero la más usual) y
    rasgos (de RASGOS).
    Errores: ErrorDelTaller, con archivo y línea, si los datos están dañados.
    """
    filas = leer_jsonl(ruta, CAMPOS, _revisar, unico="id")
    return {
        particion: [fila for fila in filas if fila["particion"] == particion]
        for particion in PARTICIONES
    }
