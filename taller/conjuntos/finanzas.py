"""Los tres conjuntos de finanzas: sentimiento, entidades y preguntas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from .. import recursos
from ..errores import ErrorDelTaller
from .jsonl import falla_de_campos, falla_de_lista, leer_jsonl
from .respuestas import normalizar

DATOS = recursos.DATOS / "finanzas"

PARTICIONES = ("entrenamiento", "validacion", "prueba")
ETIQUETAS = ("positivo", "negativo", "neutro")
CASOS = ("directo", "objeto", "negacion", "comparacion", "mixta", "sin_direccion")
TIPOS = ("entidad", "monto", "fecha", "indice")
RESPALDOS = ("norma", "oficial", "publicado", "debil")

# Campos de cada parte y sus valores; None es un texto cualquiera, list una lista y
# date una fecha AAAA-MM-DD o nada.
CAMPOS = {
    "sentimiento": {
        "id": None,
        "texto": None,
        "etiqueta": ETIQUETAS,
        "entidad": None,
        "caso": CASOS,
        "familia": None,
        "plantilla": None,
        "pais": None,
        "particion": PARTICIONES,
    },
    "entidades": {
        "id": None,
        "texto": None,
        "entidades": list,
        "plantilla": None,
        "pais": None,
        "particion": PARTICIONES,
    },
    "preguntas": {
        "id": None,
        "pregunta": None,
        "respuesta": None,
        "alias": list,
        "tema": None,
        "pais": None,
        "fuente": None,
        "respaldo": RESPALDOS,
        "consultado": date,
        "vigente_hasta": date,
        "plantilla": None,
        "particion": PARTICIONES,
    },
}


def construir_finanzas(
    parte: str, carpeta: str | Path | None = None
) -> dict[str, list[dict]]:
    """Lee una parte de finanzas y la separa por partición.

    Argumentos: `parte`, «sentimiento», «entidades» o «preguntas»; `carpeta`, otro lugar
    con archivos de la misma forma.
    Devuelve un diccionario de partición a filas, en el orden del archivo. `inicio` y
    `fin` de una entidad cuentan caracteres: `texto[inicio:fin]` es la entidad.
    Errores: ErrorDelTaller si la parte no existe o, con archivo y línea, si una fila
    está mal.
    """
    if parte not in CAMPOS:
        raise ErrorDelTaller(
            f"No existe la parte «{parte}» de finanzas. Usa: {', '.join(CAMPOS)}."
        )
    ruta = Path(carpeta or DATOS) / f"{parte}.jsonl"
    filas = leer_jsonl(ruta, CAMPOS[parte], _revisor(CAMPOS[parte]), unico="id")
    return {p: [f for f in filas if f["particion"] == p] for p in PARTICIONES}


def _revisor(campos: dict) -> Callable[[dict], str | None]:
    """Arma la función que revisa cada fila de un archivo."""
    textos = {c: v for c, v in campos.items() if v not in (list, date)}

    def revisar(fila: dict) -> str | None:
        falla = falla_de_campos(fila, textos)
        if falla or "texto" in campos and "entidades" not in campos:
            return falla
        if "entidades" in campos:
            return _revisar_entidades(fila["texto"], fila["entidades"])
        return _revisar_pregunta(fila)

    return revisar


def _revisar_pregunta(fila: dict) -> str | None:
    """Los otros nombres son textos distintos de la respuesta; las fechas, fechas."""
    nombres = fila["alias"]
    if not isinstance(nombres, list):
        return "«alias» debe ser una lista, aunque esté vacía."
    if nombres and (falla := falla_de_lista("alias", nombres)):
        return falla
    dichas = [normalizar(x) for x in (fila["respuesta"], *nombres)]
    if len(set(dichas)) < len(dichas):
        return "un alias repite la respuesta u otro alias."
    for campo in ("consultado", "vigente_hasta"):
        valor = fila[campo]
        if valor is not None and not _es_fecha(valor):
            return f"«{campo}» debe ser una fecha AAAA-MM-DD o null."
    return None


def _es_fecha(valor: object) -> bool:
    try:
        return isinstance(valor, str) and date.fromisoformat(valor).isoformat() == valor
    except ValueError:
        return False


def _revisar_entidades(texto: str, entidades) -> str | None:
    """Las entidades van en orden, no se cruzan y dicen justo lo que hay en el texto."""
    if not isinstance(entidades, list) or not entidades:
        return "«entidades» debe ser una lista con una entidad o más."
    hasta = 0
    for entidad in entidades:
        if not isinstance(entidad, dict) or set(entidad) != {
            "texto",
            "tipo",
            "inicio",
            "fin",
        }:
            return "cada entidad debe traer texto, tipo, inicio y fin, y nada más."
        trozo, inicio, fin = entidad["texto"], entidad["inicio"], entidad["fin"]
        if entidad["tipo"] not in TIPOS:
            return f"«{entidad['tipo']}» no es un tipo. Usa: {', '.join(TIPOS)}."
        if type(inicio) is not int or type(fin) is not int:  # True también es un int
            return f"el inicio y el fin de «{trozo}» deben ser números enteros."
        if not hasta <= inicio < fin <= len(texto):
            return f"«{trozo}» se cruza con otra entidad o se sale del texto."
        if texto[inicio:fin] != trozo:
            return (
                f"de {inicio} a {fin} el texto dice «{texto[inicio:fin]}» "
                f"y no «{trozo}»."
            )
        hasta = fin
    return None
