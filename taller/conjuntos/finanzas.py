"""Los tres conjuntos de finanzas: sentimiento, entidades y preguntas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .. import recursos
from ..errores import ErrorDelTaller
from .jsonl import falla_de_texto, leer_jsonl

DATOS = recursos.DATOS / "finanzas"

PARTICIONES = ("entrenamiento", "validacion", "prueba")
ETIQUETAS = ("positivo", "negativo", "neutro")
CASOS = ("directo", "objeto", "negacion", "comparacion", "mixta", "sin_direccion")
TIPOS = ("entidad", "monto", "fecha", "indice")

# Campos de cada parte y sus valores; None es un texto cualquiera, list una lista.
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
        "tema": None,
        "pais": None,
        "fuente": None,
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
    filas = leer_jsonl(ruta, CAMPOS[parte], _revisor(CAMPOS[parte]))
    return {p: [f for f in filas if f["particion"] == p] for p in PARTICIONES}


def _revisor(campos: dict) -> Callable[[dict], str | None]:
    """Arma la función que revisa, una tras otra, las filas de un archivo."""
    vistos: set[str] = set()

    def revisar(fila: dict) -> str | None:
        sobran = sorted(set(fila) - set(campos))
        if sobran:
            return f"sobra el campo «{sobran[0]}»."
        for campo, valores in campos.items():
            if valores is list:
                falla = _revisar_entidades(fila["texto"], fila[campo])
            else:
                falla = falla_de_texto(campo, fila[campo], valores)
            if falla:
                return falla
        if fila["id"] in vistos:
            return f"el id «{fila['id']}» ya está en otra línea."
        vistos.add(fila["id"])
        return None

    return revisar


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
        if not isinstance(inicio, int) or not isinstance(fin, int):
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
