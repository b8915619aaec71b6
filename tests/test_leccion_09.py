"""La lección 09: respuestas buenas y malas de sus tres ejercicios."""

import random
from itertools import groupby

import pytest
from respuestas import pruebas_de

pytest.importorskip("transformers")


def _partir(filas, campo, elegidos):
    fuera = [f for f in filas if f[campo] not in elegidos]
    return fuera, [f for f in filas if f[campo] in elegidos]


def _ordenados(filas, campo, parte, azar):
    grupos = sorted({f[campo] for f in filas})
    return _partir(filas, campo, azar.sample(grupos, round(parte * len(grupos))))


def _por_aparicion(filas, campo, parte, azar):
    grupos = list(dict.fromkeys(f[campo] for f in filas))
    return _partir(filas, campo, azar.sample(grupos, round(parte * len(grupos))))


def _barajando(filas, campo, parte, azar):
    por_grupo = groupby(sorted(filas, key=lambda f: f[campo]), key=lambda f: f[campo])
    bolsas = [list(grupo) for _, grupo in por_grupo]
    azar.shuffle(bolsas)
    corte = round(parte * len(bolsas))
    return sum(bolsas[corte:], []), sum(bolsas[:corte], [])


def _conjunto(filas, campo, parte, azar):
    grupos = list({f[campo] for f in filas})
    return _partir(filas, campo, azar.sample(grupos, round(parte * len(grupos))))


def _trunca(filas, campo, parte, azar):
    grupos = sorted({f[campo] for f in filas})
    return _partir(filas, campo, azar.sample(grupos, int(parte * len(grupos))))


def _sin_azar(filas, campo, parte, azar):
    grupos = sorted({f[campo] for f in filas})
    return _partir(filas, campo, grupos[: round(parte * len(grupos))])


def _azar_ajeno(filas, campo, parte, azar):
    return _ordenados(filas, campo, parte, random.Random())


def _siempre_verbo(filas, campo, parte, azar):
    return _ordenados(filas, "verbo", parte, azar)


def _por_filas(filas, campo, parte, azar):
    corte = round(parte * len(filas))
    return filas[corte:], filas[:corte]


def _baraja_lo_recibido(filas, campo, parte, azar):
    azar.shuffle(filas)
    return _ordenados(filas, campo, parte, azar)


def _grupos_y_no_filas(filas, campo, parte, azar):
    grupos = sorted({f[campo] for f in filas})
    corte = round(parte * len(grupos))
    return grupos[corte:], grupos[:corte]


def _arruinadas(etiquetas, tope, fin):
    sin_nada = [i for i, e in enumerate(etiquetas) if set(e[:tope]) <= {-100}]
    pierden = (i for i, e in enumerate(etiquetas) if fin in e[tope:])
    return sin_nada, [i for i in pierden if i not in sin_nada]


def _arruinadas_con_max(etiquetas, tope, fin):
    a, b = set(), set()
    for i, e in enumerate(etiquetas):
        if max(e[:tope]) == -100:
            a.add(i)
        elif e[tope:].count(fin):
            b.add(i)
    return a, b


def _arruinadas_al_reves(etiquetas, tope, fin):
    utiles = [any(x != -100 for x in e[:tope]) for e in etiquetas]
    ultimo = [
        max((i for i, x in enumerate(e) if x == fin), default=-1) for e in etiquetas
    ]
    n = range(len(etiquetas))
    return [i for i in n if not utiles[i]], tuple(
        i for i in n if utiles[i] and ultimo[i] >= tope
    )


def _recorta_lo_recibido(etiquetas, tope, fin):
    for e in etiquetas:
        del e[tope:]
    return [], []


def _sin_fin_al_cortar(etiquetas, tope, fin):
    sin_nada, _ = _arruinadas(etiquetas, tope, fin)
    queda = [i for i, e in enumerate(etiquetas) if fin not in e[:tope]]
    return sin_nada, [i for i in queda if i not in sin_nada]


def _repite(etiquetas, tope, fin):
    sin_nada, _ = _arruinadas(etiquetas, tope, fin)
    return sin_nada, [i for i, e in enumerate(etiquetas) if fin in e[tope:]]


def _filas_enteras(etiquetas, tope, fin):
    return tuple([etiquetas[i] for i in d] for d in _arruinadas(etiquetas, tope, fin))


CORTA = """{%- for m in messages -%}
{%- set nombre = {'system': 'sistema', 'user': 'usuario'} -%}
{%- if m.role == 'assistant' -%}<|asistente|>
{%- generation -%}{{- ' ' ~ m.content ~ '<|fin|>' -}}{%- endgeneration -%}
{%- else -%}{{- '<|' ~ nombre[m.role] ~ '|>' ~ m.content ~ '<|fin|>' -}}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}<|asistente|>{%- endif -%}"""
TRES = """{%- for m in messages -%}
    {%- if m['role'] == 'system' -%}{{- '<|sistema|>' + m['content'] + '<|fin|>' -}}
    {%- elif m['role'] == 'user' -%}{{- '<|usuario|>' + m['content'] + '<|fin|>' -}}
    {%- elif m['role'] == 'assistant' -%}{{- '<|asistente|>' -}}
        {%- generation -%}{{- ' ' + m['content'] + '<|fin|>' -}}{%- endgeneration -%}
    {%- endif -%}
{%- endfor -%}
{{- '<|asistente|>' if add_generation_prompt else '' -}}"""
SIN_GUIONES = (
    "{% for m in messages %}{% if m['role'] == 'assistant' %}<|asistente|>"
    "{% generation %} {{ m['content'] }}<|fin|>{% endgeneration %}{% else %}"
    "{% if m['role'] == 'user' %}<|usuario|>{% else %}<|sistema|>{% endif %}"
    "{{ m['content'] }}<|fin|>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|asistente|>{% endif %}"
)
BUENAS = {
    "09-repartir": [_ordenados, _por_aparicion, _barajando],
    "09-plantilla": [CORTA, TRES, SIN_GUIONES],
    "09-arruinadas": [_arruinadas, _arruinadas_con_max, _arruinadas_al_reves],
}
_GEN = "{%- generation -%}"
ERRORES = [
    ("09-repartir", _conjunto, "no tiene orden fijo"),
    ("09-repartir", _trunca, "usa `round`"),
    ("09-repartir", _sin_azar, "usa el que recibes"),
    ("09-repartir", _azar_ajeno, "con la misma semilla cambia"),
    ("09-repartir", _siempre_verbo, "elige valores de «pais»"),
    ("09-repartir", _por_filas, "no filas"),
    ("09-repartir", _baraja_lo_recibido, "cambió los datos"),
    ("09-repartir", _grupos_y_no_filas, "filas enteras"),
    ("09-repartir", lambda f, c, p, a: _ordenados(f, c, p, a)[::-1], "al revés"),
    ("09-repartir", lambda f, c, p, a: _ordenados(f, c, p, a)[0], "dos listas"),
    ("09-repartir", lambda f, c, p, a: (f, f), "solo en una"),
    ("09-repartir", lambda f, c, p, a: f.sort(), "no se pueden operar así"),
    ("09-repartir", lambda f, c, p, a: f["verbo"], "se detuvo"),
    ("09-plantilla", TRES.replace("{%- endfor -%}", ""), "Jinja no entiende la línea"),
    ("09-plantilla", TRES.replace("' ' + m", "m"), "falta el espacio"),
    (
        "09-plantilla",
        TRES.replace("-%}", "%}")
        .replace("-}}", "}}")
        .replace("{%-", "{%")
        .replace("{{-", "{{"),
        "saltos de línea",
    ),
    (
        "09-plantilla",
        TRES.replace(_GEN, "").replace("{%- endgeneration -%}", ""),
        "falta encerrar",
    ),
    (
        "09-plantilla",
        TRES.replace(
            "{{- '<|asistente|>' -}}\n        " + _GEN, _GEN + "<|asistente|>"
        ),
        "no el modelo",
    ),
    (
        "09-plantilla",
        CORTA.replace(
            "~ '<|fin|>' -}}{%- endgeneration", "-}}{%- endgeneration"
        ).replace("endgeneration -%}", "endgeneration -%}<|fin|>"),
        "fuera de `{% generation %}`",
    ),
    ("09-plantilla", TRES.rpartition("{{-")[0], "dejar abierto"),
    ("09-plantilla", TRES.rpartition("{{-")[0] + "<|asistente|>", "sin que lo pidan"),
    ("09-plantilla", TRES.replace("m['content']", "m['texto']"), "el mensaje no trae"),
    ("09-plantilla", TRES.replace("'<|sistema|>'", "'<|usuario|>'"), "falta el papel"),
    ("09-arruinadas", lambda e, t, f: _arruinadas(e, t, f)[0], "dos"),
    ("09-arruinadas", lambda e, t, f: _arruinadas(e, t, f)[::-1], "al revés"),
    ("09-arruinadas", lambda e, t, f: _arruinadas(e, t + 1, f), "con tope 4"),
    ("09-arruinadas", _recorta_lo_recibido, "cambió los datos"),
    ("09-arruinadas", _sin_fin_al_cortar, "debe ir en la segunda"),
    ("09-arruinadas", _repite, "no la repitas"),
    ("09-arruinadas", _filas_enteras, "no las filas"),
    (
        "09-arruinadas",
        lambda e, t, f: ([i for i, x in enumerate(e) if len(x) > t], []),
        "no debe ir en la primera",
    ),
    (
        "09-arruinadas",
        lambda e, t, f: [[i + 1 for i in d] for d in _arruinadas(e, t, f)],
        "desde 1",
    ),
    ("09-arruinadas", lambda e, t, f: [len(d) for d in _arruinadas(e, t, f)], "listas"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
