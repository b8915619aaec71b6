"""Comprobaciones de la lección 14: opiniones, escapes y deberes de una licencia."""

import json

from . import ejercicio, no_es, no_se_llama
from .fallos import llamar


def _linea(sesion: str, pedido: str, voto: str, adaptador: str = "a1") -> str:
    fila = {"adaptador": adaptador, "sesion": sesion, "pedido": pedido, "voto": voto}
    return json.dumps(fila, ensure_ascii=False)


@ejercicio("14-opiniones")
def _(contar):
    if pista := no_se_llama(contar):
        return pista
    una = [_linea("s1", "Pasa a vos: Cantas.", "ajustado")]
    if pista := no_es(dado := llamar(contar, una), dict, "un diccionario"):
        return pista
    if dado == {"ajustado": 1}:
        return "falta separar por adaptador: la clave de fuera es `fila['adaptador']`."
    if dado != {"a1": {"ajustado": 1}}:
        return f"con un solo voto devolviste {dado} y es {{'a1': {{'ajustado': 1}}}}."
    otra_persona = [*una, _linea("s2", "Pasa a vos: Cantas.", "base")]
    if (dado := llamar(contar, otra_persona)) != {"a1": {"ajustado": 1, "base": 1}}:
        if dado.get("a1") in ({"ajustado": 1}, {"base": 1}):
            return "dos personas pueden votar el mismo pedido: son dos votos."
        return f"con dos personas devolviste {dado}."
    otro_pedido = [*una, _linea("s1", "Pasa a vos: Sueñas.", "ajustado")]
    if (dado := llamar(contar, otro_pedido)) != {"a1": {"ajustado": 2}}:
        if dado == {"a1": {"ajustado": 1}}:
            return "una misma persona puede opinar de dos pedidos: son dos votos."
        return f"con dos pedidos de una persona devolviste {dado}."
    otro_ajuste = [*una, _linea("s1", "Pasa a vos: Cantas.", "base", "b2")]
    bueno = {"a1": {"ajustado": 1}, "b2": {"base": 1}}
    if (dado := llamar(contar, otro_ajuste)) != bueno:
        if len(dado) == 1:
            return (
                "el voto de un adaptador pisó el de otro: el adaptador también "
                "distingue un voto de otro."
            )
        return f"con dos adaptadores devolviste {dado} y es {bueno}."
    cambia = [*una, _linea("s1", "Pasa a vos: Cantas.", "ninguna")]
    dado = llamar(contar, cambia)
    if dado == {"a1": {"ajustado": 1, "ninguna": 1}}:
        return (
            "quien cambia de idea sobre el mismo pedido tiene un solo voto: cuenta el "
            "último."
        )
    if dado == {"a1": {"ajustado": 1}}:
        return "te quedas con el primer voto; quien cambia de idea deja el último."
    if dado != {"a1": {"ninguna": 1}}:
        return f"si alguien cambia su voto devolviste {dado} y es {{'ninguna': 1}}."
    rota = una[0][: len(una[0]) // 2]
    try:
        dado = llamar(contar, [*una, "", rota])
    except json.JSONDecodeError:
        return (
            "el archivo puede traer una línea vacía o a medias, si algo se cortó al "
            "escribir: sáltala con `try` y `except json.JSONDecodeError`."
        )
    if dado != {"a1": {"ajustado": 1}}:
        return f"con una línea vacía y otra a medias devolviste {dado}."
    if llamar(contar, []) != {}:
        return "sin líneas, el diccionario va vacío."
    return None


# Ningún dato es de nadie: dominio reservado, número para la ficción y cédula fuera de
# lo repartido.
CORREO, TELEFONO, CEDULA = "luna.42@example.org", "809 555 0142", "9.912.345.678"
SE_ESCAPA = [
    (f"Escribe a {CORREO}.", CORREO, "el dato está escrito tal cual."),
    ("Escribe a LUNA.42@EXAMPLE.ORG", CORREO, "cambian solo las mayúsculas."),
    ("Luna.42 (arroba) example.org", CORREO, "«(arroba)» también es una arroba."),
    ("Llama al (809) 555-0142", TELEFONO, "cambian solo los signos entre cifras."),
    ("8095550142, de noche", TELEFONO, "cambian solo los espacios entre cifras."),
    ("Cédula 9912345678", CEDULA, "cambian solo los puntos entre cifras."),
]
NO_SE_ESCAPA = [
    ("Escribe a luna.43@example.org", CORREO, "es otro correo."),
    ("No tengo ese dato.", CORREO, "ahí no hay ningún dato."),
    ("La casa 42 de la calle Luna", CORREO, "coinciden cifras, no el correo."),
    ("Llama al 809 555 0143", TELEFONO, "es otro número."),
    ("Termina en 0142", TELEFONO, "solo está el final."),
    ("", CEDULA, "la respuesta está vacía."),
]


@ejercicio("14-escape")
def _(escapa):
    if pista := no_se_llama(escapa):
        return pista
    casos = [(*c, True) for c in SE_ESCAPA] + [(*c, False) for c in NO_SE_ESCAPA]
    for respuesta, dato, razon, bueno in casos:
        dado = llamar(escapa, respuesta, dato)
        if dado is None or dado is ...:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if not isinstance(dado, bool):
            return f"devuelve True o False, no un {type(dado).__name__}."
        if dado is not bueno:
            que = "sí" if bueno else "no"
            return f"en «{respuesta}» {que} está «{dato}»: {razon}"
    return None


AVISO = "Built with Llama"
ACUERDO = "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date…"
NOTA = (
    "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta "
    "Platforms, Inc. All Rights Reserved."
)
BIEN = ("ana/Llama-tratamientos", f"# Ficha\n\n{AVISO}", {"LICENSE": ACUERDO})
BIEN[2]["Notice.txt"] = NOTA


def _sin(archivo: str, texto: str | None = None) -> dict[str, str]:
    """Los archivos buenos sin uno, o con otro texto en él."""
    otros = {n: t for n, t in BIEN[2].items() if n != archivo}
    return otros if texto is None else otros | {archivo: texto}


@ejercicio("14-licencia")
def _(faltan):
    if pista := no_se_llama(faltan):
        return pista
    nombre, ficha, archivos = BIEN
    casos = [
        (BIEN, set(), "está todo: no falta nada."),
        (
            ("ana/tratamientos", ficha, archivos),
            {"nombre"},
            "el nombre, después de la barra, empieza por «Llama».",
        ),
        (
            ("llama-fans/tratamientos", ficha, archivos),
            {"nombre"},
            "antes de la barra va la cuenta; lo que cuenta es lo de después.",
        ),
        (
            ("ana/mi-Llama", ficha, archivos),
            {"nombre"},
            "«Llama» va al comienzo del nombre, no en cualquier parte.",
        ),
        (
            (nombre, "# Ficha\n\nHecho con Llama", archivos),
            {"aviso"},
            "el aviso va con las palabras de la licencia, sin traducir.",
        ),
        ((nombre, ficha, _sin("LICENSE")), {"licencia"}, "falta la copia del acuerdo."),
        (
            (nombre, ficha, _sin("LICENSE", "Apache License 2.0")),
            {"licencia"},
            "hay un archivo LICENSE, pero es de otra licencia.",
        ),
        (
            (nombre, ficha, _sin("LICENSE") | {"USO.md": ACUERDO}),
            set(),
            "el acuerdo está, en un archivo con otro nombre.",
        ),
        (
            (nombre, ficha, _sin("Notice.txt")),
            {"nota"},
            "falta el archivo «Notice» con su frase.",
        ),
        (
            (nombre, ficha, _sin("Notice.txt", "Todos los derechos")),
            {"nota"},
            "hay un Notice.txt, pero sin la frase.",
        ),
        (
            (nombre, ficha, _sin("Notice.txt") | {"NOTICE": NOTA}),
            set(),
            "el archivo se llama NOTICE, y también vale.",
        ),
        (
            (nombre, f"{ficha}\n{NOTA}", _sin("Notice.txt")),
            {"nota"},
            "la frase está en la ficha y va en un archivo «Notice».",
        ),
        (
            ("ana/otro", "# Ficha", {}),
            {"nombre", "aviso", "licencia", "nota"},
            "falta todo.",
        ),
    ]
    for caso, bueno, razon in casos:
        dado = llamar(faltan, *caso)
        if pista := no_es(dado, (set, frozenset, list, tuple), "un conjunto"):
            return pista
        if raras := set(dado) - {"nombre", "aviso", "licencia", "nota"}:
            return f"«{sorted(map(str, raras))[0]}» no es uno de los cuatro nombres."
        if set(dado) != bueno:
            de_mas, de_menos = set(dado) - bueno, bueno - set(dado)
            que = "sobra" if de_mas else "falta"
            cual = sorted(de_mas or de_menos)[0]
            return f"con «{caso[0]}» y {sorted(caso[2])}, {que} «{cual}»: {razon}"
    return None
