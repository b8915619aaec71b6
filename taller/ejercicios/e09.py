"""Comprobaciones de la lección 09: reparto, plantilla de chat y filas cortadas."""

import random
import re
from functools import cache
from math import ceil, floor
from zlib import crc32

from . import ejercicio, no_se_llama
from .fallos import Fallo, llamar, significado

CHARLAS = [
    [("user", "¿Qué hora es?"), ("assistant", "Son las tres.")],
    [("system", "Sé breve."), ("user", "Di sí."), ("assistant", "Sí.")],
    [
        ("user", "Hola"),
        ("assistant", "¿Qué tal?"),
        ("user", "Bien"),
        ("assistant", "Ñu"),
    ],
    [("user", "Adiós, que te vaya bien")],
]


class _Etiqueta(str):
    """Un texto cuyo lugar en un conjunto cambia con la sal, como entre dos sesiones."""

    sal = 0

    def __hash__(self) -> int:
        return crc32(f"{_Etiqueta.sal}{self!s}".encode())


def _dos_listas(dado, que: str) -> tuple[list, list]:
    if not isinstance(dado, tuple | list) or len(dado) != 2:
        raise Fallo(f"devuelve dos listas: {que}.")
    if any(isinstance(d, dict | str) or not hasattr(d, "__iter__") for d in dado):
        raise Fallo(f"devolviste dos valores; se piden dos listas: {que}.")
    return list(dado[0]), list(dado[1])


def _apartados(repartir, filas, semilla: int) -> set[str]:
    """Los verbos que quedan en la prueba con esa semilla."""
    dado = llamar(repartir, filas, "verbo", 0.2, random.Random(semilla))
    return {str.__str__(f["verbo"]) for f in _dos_listas(dado, _PARTES)[1]}


_PARTES = "entrenamiento y prueba, en ese orden"


@ejercicio("09-repartir")
def _(repartir):
    if pista := no_se_llama(repartir):
        return pista
    filas = [{"verbo": f"v{i % 20}", "n": i, "pais": f"p{i % 7}"} for i in range(200)]
    for campo, parte in (("verbo", 0.2), ("pais", 0.3), ("pais", 0.4)):
        dado = llamar(repartir, filas, campo, parte, random.Random(1))
        entrena, prueba = _dos_listas(dado, _PARTES)
        if not all(isinstance(f, dict) for f in entrena + prueba):
            return f"las listas llevan filas enteras, no los valores de «{campo}»."
        if sorted(f["n"] for f in entrena + prueba) != list(range(200)):
            return "cada fila debe quedar en una lista, y solo en una."
        grupos = {f[campo] for f in filas}
        comunes = {f[campo] for f in entrena} & {f[campo] for f in prueba}
        if comunes:
            return (
                f"{len(comunes)} de {len(grupos)} grupos están en las dos listas: "
                f"elige valores de «{campo}», no filas."
            )
        pedidos, hay = round(parte * len(grupos)), len({f[campo] for f in prueba})
        if hay == len(grupos) - pedidos != pedidos:
            return "está al revés: primero el entrenamiento y después la prueba."
        if hay != pedidos:
            caso = f"con {len(grupos)} grupos y parte {parte}"
            if hay in (floor(parte * len(grupos)), ceil(parte * len(grupos))):
                return f"{caso} van {pedidos} grupos y pusiste {hay}: usa `round`."
            return f"{caso}, la prueba debe llevar {pedidos}; lleva {hay}."
    pruebas = [_apartados(repartir, filas, s) for s in range(6)]
    if pruebas != [_apartados(repartir, filas, s) for s in range(6)]:
        return (
            "con la misma semilla cambia el reparto: toma el azar de `azar`, el que "
            "recibes, y no de `random`."
        )
    if all(p == pruebas[0] for p in pruebas):
        return "con otro `azar` sale el mismo reparto: usa el que recibes para elegir."
    filas = [f | {"verbo": _Etiqueta(f["verbo"])} for f in filas]
    sesiones = set()
    for _Etiqueta.sal in range(4):
        sesiones.add(frozenset(_apartados(repartir, filas, 5)))
    if len(sesiones) > 1:
        return (
            "un conjunto no tiene orden fijo: en otra sesión, con la misma semilla, "
            "saldría otro reparto. Elige de `sorted(grupos)`."
        )
    return None


@cache
def _tokenizador():
    from transformers import AutoTokenizer

    from ..recursos import ruta_semilla

    return AutoTokenizer.from_pretrained(ruta_semilla())


def _armar(mensajes, plantilla, abierto=False):
    """Texto, números y máscara de una charla con esa plantilla."""
    tokenizador = _tokenizador()
    usada = plantilla or tokenizador.chat_template
    opciones = {"chat_template": plantilla, "add_generation_prompt": abierto}
    codigos = tokenizador.apply_chat_template(
        mensajes,
        return_dict=True,
        return_assistant_tokens_mask=bool(re.search(r"\{%-?\s*generation", usada)),
        **opciones,
    )
    texto = tokenizador.apply_chat_template(mensajes, tokenize=False, **opciones)
    ids = codigos["input_ids"]
    return texto, ids, codigos.get("assistant_masks", [0] * len(ids))


def _pista_del_texto(dado: str, bueno: str, mensajes, abierto: bool) -> str:
    """Por qué el texto no es el esperado."""
    papeles = {m["role"] for m in mensajes}
    marca = "<|asistente|>"
    if dado.split() and "".join(dado.split()) == "".join(bueno.split()):
        if "\n" in dado:
            return (
                "se cuelan saltos de línea o sangría de la plantilla: pon guiones "
                "en todas las órdenes, «{%- … -%}» y «{{- … -}}»."
            )
        if len(dado) < len(bueno):
            return "falta el espacio entre la marca del asistente y su respuesta."
        return f"sobra o falta un espacio: diste {dado!r} y es {bueno!r}."
    if abierto and dado + marca == bueno:
        return "con `add_generation_prompt` falta dejar abierto el turno del asistente."
    if not abierto and dado == bueno + marca:
        return "abres otro turno sin que lo pidan: falta `if add_generation_prompt`."
    if "assistant" in papeles and marca not in dado:
        return "los mensajes del asistente no llevan su marca: mira `m['role']`."
    if "system" in papeles and "<|sistema|>" not in dado:
        return "falta el papel `system`: abre con `<|sistema|>`."
    if dado.count("<|fin|>") < bueno.count("<|fin|>"):
        return "cada mensaje cierra con `<|fin|>`, también el último."
    return f"para una charla nueva diste {dado!r} y es {bueno!r}."


@ejercicio("09-plantilla")
def _(plantilla):
    if not isinstance(plantilla, str):
        return "se pide el texto de la plantilla, entre comillas triples."
    from jinja2 import TemplateError, TemplateSyntaxError

    for charla in CHARLAS:
        mensajes = [{"role": r, "content": t} for r, t in charla]
        for abierto in (False, True):
            if abierto and charla[-1][0] == "assistant":
                continue
            bueno, ids, cuenta = _armar(mensajes, None, abierto)
            try:
                dado, _, suya = _armar(mensajes, plantilla, abierto)
            except TemplateSyntaxError as error:
                return (
                    f"Jinja no entiende la línea {error.lineno} de tu plantilla: mira "
                    "que toda llave, comilla y orden se cierre (`if` con `endif`)."
                )
            except TemplateError:
                return (
                    "tu plantilla usa algo que el mensaje no trae: cada uno tiene solo "
                    "`m['role']` y `m['content']`."
                )
            except Exception as error:
                return f"tu plantilla se detuvo: {significado(error)}"
            if dado != bueno:
                return _pista_del_texto(dado, bueno, mensajes, abierto)
            if list(suya) == cuenta:
                continue
            if not any(suya):
                return (
                    "el texto está bien; falta encerrar lo que escribe el modelo en "
                    "`{% generation %}` y `{% endgeneration %}`."
                )
            marca, fin = _tokenizador().convert_tokens_to_ids(
                ["<|asistente|>", "<|fin|>"]
            )
            fines = [i for i, c in enumerate(cuenta) if c and ids[i] == fin]
            if not all(suya[i] for i in fines):
                return (
                    "el fin del turno quedó fuera de `{% generation %}`: así el modelo "
                    "no aprende a callarse."
                )
            if any(c and ids[i] == marca for i, c in enumerate(suya)):
                return (
                    "la marca `<|asistente|>` la escribe la plantilla, no el modelo: "
                    "va antes de `{% generation %}`."
                )
            return "encierra en generation toda la respuesta, y solo la respuesta."
    return None


@ejercicio("09-arruinadas")
def _(arruinadas):
    if pista := no_se_llama(arruinadas):
        return pista
    nada, fin = -100, 9
    filas = [
        [nada, nada, nada, 4, 5, fin],  # 0: con tope 4 conserva el 4 y pierde el fin
        [nada, 4, fin],  # 1: cabe entera
        [nada, nada, nada, nada, 4, fin],  # 2: sin nada
        [nada, 4, fin, nada, 5, fin],  # 3: dos turnos; pierde el último
        [nada, 4, 5, 6, 7],  # 4: nunca tuvo fin
        [nada, 4, 5, fin],  # 5: justa
        [nada, nada, nada],  # 6: corta, pero sin etiquetas
        [nada, 4, 5, fin, nada, nada],  # 7: se corta lo que no cuenta
    ]
    for tope, sin_nada, sin_fin in ((4, [2, 6], [0, 3]), (3, [0, 2, 6], [3, 5, 7])):
        dado = llamar(arruinadas, filas, tope, fin)
        vacias, abiertas = _dos_listas(dado, "posiciones sin nada y sin fin")
        if any(hasattr(i, "__iter__") for i in vacias + abiertas):
            return "devuelve las posiciones de las filas, no las filas."
        if any(isinstance(i, bool) or i not in range(8) for i in vacias + abiertas):
            return "devuelve posiciones: enteros desde 0, que es la primera fila."
        vacias, abiertas = sorted(vacias), sorted(abiertas)
        if (vacias, abiertas) == (sin_nada, sin_fin):
            continue
        if (vacias, abiertas) == (sin_fin, sin_nada):
            return "están al revés: primero las que se quedan sin nada."
        if [i - 1 for i in vacias] == sin_nada and [i - 1 for i in abiertas] == sin_fin:
            return "cuentas las filas desde 1; la primera es la 0."
        for i in sorted(set(vacias) ^ set(sin_nada)):
            queda = filas[i][:tope]
            que = "no debe" if i in vacias else "debe"
            return (
                f"con tope {tope}, de {filas[i]} queda {queda}: {que} ir en la primera "
                "lista, la de filas donde todo lo que queda es −100."
            )
        for i in sorted(set(abiertas) ^ set(sin_fin)):
            if i in sin_nada:
                return f"la fila {filas[i]} ya va en la primera lista; no la repitas."
            que = "no debe" if i in abiertas else "debe"
            return (
                f"con tope {tope} y fin {fin}, de {filas[i]} queda {filas[i][:tope]}: "
                f"{que} ir en la segunda lista, la de filas que perdieron un fin."
            )
        return "hay posiciones repetidas."
    return None
