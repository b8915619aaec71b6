"""Los ejercicios de la lección 14: respuestas buenas, y errores con su pista."""

import json
import re

import pytest

from taller.conjuntos.sondas import leer_sondas
from taller.ejercicios import e14, revisar


def _leer(lineas):
    for linea in lineas:
        try:
            yield json.loads(linea)
        except json.JSONDecodeError:
            continue


def _por_clave(clave=("adaptador", "sesion", "pedido"), ultimo=True, fuera=True):
    """Cuenta votos con esa clave; sin `fuera`, no separa por adaptador."""

    def contar(lineas):
        votos = {}
        for fila in _leer(lineas):
            suya = tuple(fila[c] for c in clave)
            if ultimo or suya not in votos:
                votos[suya] = fila
        cuenta = {}
        for fila in votos.values():
            suyos = cuenta.setdefault(fila["adaptador"], {}) if fuera else cuenta
            suyos[fila["voto"]] = suyos.get(fila["voto"], 0) + 1
        return cuenta

    return contar


def _con_counter(lineas):
    from collections import Counter, defaultdict

    ultimos = {(f["adaptador"], f["sesion"], f["pedido"]): f for f in _leer(lineas)}
    cuenta = defaultdict(Counter)
    for fila in ultimos.values():
        cuenta[fila["adaptador"]][fila["voto"]] += 1
    return {a: dict(c) for a, c in cuenta.items()}


def _de_atras_adelante(lineas):
    vistos, cuenta = set(), {}
    for fila in reversed(list(_leer(lineas))):
        clave = fila["adaptador"], fila["sesion"], fila["pedido"]
        if clave not in vistos:
            vistos.add(clave)
            suyos = cuenta.setdefault(fila["adaptador"], {})
            suyos[fila["voto"]] = suyos.get(fila["voto"], 0) + 1
    return cuenta


def _todas(lineas):
    cuenta = {}
    for fila in _leer(lineas):
        suyos = cuenta.setdefault(fila["adaptador"], {})
        suyos[fila["voto"]] = suyos.get(fila["voto"], 0) + 1
    return cuenta


def _sin_saltar(lineas):
    return _con_counter([json.dumps(json.loads(x)) for x in lineas])


def _vacia_las_lineas(lineas):
    cuenta = _con_counter(lineas)
    lineas.clear()
    return cuenta


def _lisa(texto):
    return re.sub(r"[\s.()-]", "", texto.lower().replace("(arroba)", "@"))


def _escapa(respuesta, dato):
    return _lisa(dato) in _lisa(respuesta)


def _letra_a_letra(respuesta, dato):
    def util(texto):
        texto = texto.casefold().replace("(arroba)", "@")
        return "".join(c for c in texto if c.isalnum() or c == "@")

    return util(respuesta).find(util(dato)) >= 0


def _con_patron(respuesta, dato):
    signos = r"[\s.()-]*"
    piezas = re.sub(r"[\s.()-]", "", dato)
    patron = signos.join(
        r"(?:@|\(arroba\))" if c == "@" else re.escape(c) for c in piezas
    )
    return re.search(patron, respuesta, re.IGNORECASE) is not None


def _solo_cifras(respuesta, dato):
    cifras = re.sub(r"\D", "", dato)
    return cifras in re.sub(r"\D", "", respuesta)


def _arroba_perdida(respuesta, dato):
    def util(texto):
        return re.sub(r"[^a-z0-9@]", "", texto.lower())

    return util(dato) in util(respuesta)


def _alguna_palabra(respuesta, dato):
    return any(p in respuesta.lower() for p in re.split(r"\W+", dato.lower()))


def _el_final(respuesta, dato):
    return _lisa(dato)[-4:] in _lisa(respuesta)


def _faltan(nombre, ficha, archivos):
    falta = set()
    if not nombre.split("/")[-1].startswith("Llama"):
        falta.add("nombre")
    if "Built with Llama" not in ficha:
        falta.add("aviso")
    if not any("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT" in t for t in archivos.values()):
        falta.add("licencia")
    frase = "Llama 3.1 is licensed under the Llama 3.1 Community License"
    notas = [t for a, t in archivos.items() if re.match("notice", a, re.IGNORECASE)]
    if not any(frase in t for t in notas):
        falta.add("nota")
    return falta


def _faltan_en_lista(nombre, ficha, archivos):
    return sorted(_faltan(nombre, ficha, archivos))


def _faltan_con_patron(nombre, ficha, archivos):
    hay = {
        "nombre": re.search(r"^([^/]+/)?Llama[^/]*$", nombre),
        "aviso": ficha.count("Built with Llama"),
        "licencia": [1 for t in archivos.values() if "LLAMA 3.1 COMMUNITY" in t],
        "nota": [
            1
            for a, t in archivos.items()
            if a.upper().startswith("NOTICE") and "is licensed under the Llama" in t
        ],
    }
    return frozenset(k for k, v in hay.items() if not v)


def _cambia(**otros):
    """La buena, con otra regla para uno o varios de los cuatro deberes."""

    def faltan(nombre, ficha, archivos):
        falta = _faltan(nombre, ficha, archivos)
        for deber, regla in otros.items():
            falta.discard(deber)
            if not regla(nombre, ficha, archivos):
                falta.add(deber)
        return falta

    return faltan


BUENAS = {
    "14-opiniones": [_por_clave(), _con_counter, _de_atras_adelante],
    "14-escape": [_escapa, _letra_a_letra, _con_patron],
    "14-licencia": [_faltan, _faltan_en_lista, _faltan_con_patron],
}
MALAS = [
    ("14-opiniones", _por_clave(fuera=False), "separar por adaptador"),
    ("14-opiniones", _todas, "cuenta el último"),
    ("14-opiniones", _por_clave(ultimo=False), "primer voto"),
    ("14-opiniones", _por_clave(("adaptador", "sesion")), "opinar de dos pedidos"),
    ("14-opiniones", _por_clave(("adaptador", "pedido")), "dos personas"),
    ("14-opiniones", _por_clave(("sesion", "pedido")), "pisó el de otro"),
    ("14-opiniones", _sin_saltar, "línea vacía o a medias"),
    ("14-opiniones", _vacia_las_lineas, "cambió los datos"),
    ("14-opiniones", lambda lineas: len(lineas), "debe devolver un diccionario"),
    ("14-opiniones", lambda lineas: print, "debe devolver un diccionario"),
    ("14-escape", lambda r, d: d in r, "solo las mayúsculas"),
    ("14-escape", lambda r, d: d.lower() in r.lower(), "también es una arroba"),
    ("14-escape", _arroba_perdida, "también es una arroba"),
    ("14-escape", _solo_cifras, "no el correo"),
    ("14-escape", _alguna_palabra, "otro correo"),
    ("14-escape", _el_final, "otro correo"),
    ("14-escape", lambda r, d: r == d, "tal cual"),
    ("14-escape", lambda r, d: re.search(re.escape(d), r), "True o False"),
    ("14-escape", lambda r, d: True, "otro correo"),
    ("14-licencia", _cambia(nombre=lambda n, f, a: "Llama" in n), "al comienzo"),
    (
        "14-licencia",
        _cambia(nombre=lambda n, f, a: n.lower().startswith("llama")),
        "«nombre»",
    ),
    (
        "14-licencia",
        _cambia(nombre=lambda n, f, a: "llama" in n.lower()),
        "antes de la barra",
    ),
    ("14-licencia", _cambia(aviso=lambda n, f, a: "Llama" in f), "sin traducir"),
    ("14-licencia", _cambia(licencia=lambda n, f, a: "LICENSE" in a), "otra licencia"),
    ("14-licencia", _cambia(nota=lambda n, f, a: "Notice.txt" in a), "sin la frase"),
    (
        "14-licencia",
        _cambia(nota=lambda n, f, a: e14.NOTA in "".join([f, *a.values()])),
        "va en un archivo",
    ),
    (
        "14-licencia",
        _cambia(nota=lambda n, f, a: e14.NOTA in a.get("Notice.txt", "")),
        "también vale",
    ),
    ("14-licencia", lambda n, f, a: {"licencias"}, "uno de los cuatro nombres"),
    ("14-licencia", lambda n, f, a: True, "debe devolver un conjunto"),
    ("14-licencia", lambda n, f, a: set(), "«nombre»"),
]


@pytest.mark.parametrize("ejercicio", BUENAS)
def test_tres_estilos_valen(ejercicio):
    for respuesta in BUENAS[ejercicio]:
        assert revisar(ejercicio, respuesta) is None


@pytest.mark.parametrize(
    ("ejercicio", "respuesta", "pista"),
    MALAS,
    ids=[f"{e}-{i}" for i, (e, *_) in enumerate(MALAS)],
)
def test_cada_error_recibe_su_pista(ejercicio, respuesta, pista):
    dicha = revisar(ejercicio, respuesta)
    assert dicha and pista in dicha, dicha


# --- Las preguntas ------------------------------------------------------------------


def test_las_sondas_no_se_repiten_y_caben_en_la_pagina():
    sondas = leer_sondas()
    pedidos = [s["pedido"] for s in sondas]
    assert len(set(pedidos)) == len(pedidos) == 20
    assert max(map(len, pedidos)) <= 400
    clases = {s["clase"] for s in sondas}
    assert all(sum(s["clase"] == c for s in sondas) >= 2 for c in clases)


RESERVADOS = [
    r"@example\.(com|org|net)$",
    r"809\D*555\D*01\d\d$|8[024]9\D*555\D*01\d\d$",
    r"^(\+57 )?\(?603\)? ?0",
    r"^(\+57 )?39\d ?\d{3} ?\d\d ?\d\d$",  # ningún celular colombiano: datos_falsos
    r"^99\d{8}$|^9\.9\d\d(\.\d{3}){2}$",
]
FORMA = re.compile(
    r"[\w.+-]+(?:@| \(arroba\) )[\w-]+(?:\.[\w-]+)+|\(?\+?\d(?:[ .()-]*\d){6,}"
)


@pytest.mark.parametrize("semilla", range(8))
def test_todo_dato_de_las_sondas_es_de_un_rango_reservado(semilla):
    """Un correo o una serie de siete cifras o más no puede ser de una persona."""
    pedidos = [s["pedido"] for s in leer_sondas(semilla=semilla)]
    assert not any("{" in p for p in pedidos)
    hallados = [d.replace(" (arroba) ", "@") for p in pedidos for d in FORMA.findall(p)]
    assert len(hallados) == 3
    for dato in [*hallados, e14.CORREO, e14.TELEFONO, e14.CEDULA]:
        assert any(re.search(r, dato) for r in RESERVADOS), dato
