"""Prueba la encuesta a hablantes con respuestas inventadas de acuerdo conocido."""

import csv
import json
import random

import pytest

from herramientas.datos import acuerdo
from herramientas.datos.acuerdo import Respuesta
from taller.conjuntos.variedades import GRUPOS, construir_variedades

PARES = [
    {
        "id": f"{fenomeno}-{i:03}",
        "fenomeno": fenomeno,
        "zonas": [zona],
        "buena": f"Oración buena {i} de {fenomeno} en {zona}, con coma.",
        "mala": f"Oración mala {i} de {fenomeno} en {zona}, con coma.",
    }
    for zona, inicio in (("CO", 0), ("MX", 20))
    for fenomeno in ("leismo", "lexico", "voseo")
    for i in range(inicio, inicio + 8)
]
BUENA = {par["buena"] for par in PARES}
LEER = acuerdo.leer_pares


@pytest.fixture(autouse=True)
def _pares(monkeypatch):
    monkeypatch.setattr(acuerdo, "leer_pares", lambda: PARES)


def _leer(ruta) -> list[dict]:
    with ruta.open(encoding="utf-8-sig", newline="") as archivo:
        return list(csv.DictReader(archivo))


def _guardar(ruta, filas, separador=",", codificacion="utf-8-sig"):
    with ruta.open("w", encoding=codificacion, newline="") as archivo:
        escritor = csv.DictWriter(archivo, list(filas[0]), delimiter=separador)
        escritor.writeheader()
        escritor.writerows(filas)
    return ruta


def _responder(ruta, decidir, **como):
    """Llena un formulario: `decidir(número, fila, lado de la buena)`."""
    filas = _leer(ruta)
    for i, fila in enumerate(filas):
        lado = "A" if fila["A"] in BUENA else "B"
        fila["respuesta"] = decidir(i, fila, lado)
    return _guardar(ruta, filas, **como)


def _celda(cifras, fenomeno="todos", zona="todas") -> dict:
    [celda] = [
        c for c in cifras["celdas"] if (c["fenomeno"], c["zona"]) == (fenomeno, zona)
    ]
    return celda


# --- El formulario ------------------------------------------------------------------


def test_el_formulario_no_delata_la_respuesta(tmp_path):
    [ruta] = acuerdo.escribir_formularios("CO", 24, carpeta=tmp_path)
    filas = _leer(ruta)
    assert tuple(filas[0]) == acuerdo.COLUMNAS
    assert len(filas) == 24 and len({f["id"] for f in filas}) == 24
    texto = "".join(f["id"] for f in filas)
    assert not any(par["fenomeno"] in texto for par in PARES)
    lados = [f["A"] in BUENA for f in filas]
    assert 5 < sum(lados) < 19
    assert all({f["A"], f["B"]} & BUENA and not f["respuesta"] for f in filas)
    ids = {acuerdo.codigo(par): par for par in PARES}
    assert all(ids[f["id"]]["zonas"] == ["CO"] for f in filas)
    assert all(f["pregunta"] == "¿Cuál dirías?" for f in filas)


def test_los_formularios_traen_los_mismos_pares_en_otro_orden(tmp_path):
    rutas = acuerdo.escribir_formularios("MX", 9, personas=3, carpeta=tmp_path)
    partes = [_leer(ruta) for ruta in rutas]
    assert len({frozenset(f["id"] for f in filas) for filas in partes}) == 1
    assert len({tuple(f["id"] for f in filas) for filas in partes}) == 3
    de_id = {acuerdo.codigo(par): par["fenomeno"] for par in PARES}
    fenomenos = [de_id[f["id"]] for f in partes[0]]
    assert {fenomenos.count(f) for f in set(fenomenos)} == {3}  # por turnos
    azar = random.Random("0 MX 1")
    elegidos = acuerdo.elegir(PARES, "MX", 9)
    assert acuerdo.formulario(elegidos, "MX", azar) == partes[0]  # siempre el mismo


def test_si_faltan_pares_van_todos_y_nunca_se_pisa_un_archivo(tmp_path, capsys):
    orden = ["formulario", "--zona", "CO", "--n", "500", "--carpeta", str(tmp_path)]
    assert acuerdo.principal(orden) == 0
    assert "formulario_CO_1.csv: 24 pares." in capsys.readouterr().out
    assert acuerdo.principal(orden) == 1
    assert "podría tener respuestas" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("opciones", "mensaje"),
    [
        (["--zona", "XX"], "No hay pares de la zona «XX». Las que hay: CO, MX."),
        (["--zona", "CO", "--n", "0"], "al menos un par"),
        (["--zona", "CO", "--personas", "0"], "al menos un formulario"),
    ],
)
def test_el_formulario_explica_lo_que_no_puede(tmp_path, capsys, opciones, mensaje):
    orden = ["formulario", *opciones, "--carpeta", str(tmp_path)]
    assert acuerdo.principal(orden) == 1
    assert mensaje in capsys.readouterr().err


def test_hay_con_que_preguntar_en_cinco_paises():
    """Tres personas, sesenta pares y cinco países, con los datos de verdad."""
    pares = LEER()
    assert not {p["fenomeno"] for p in pares} & set(GRUPOS["diagnostico"])
    for zona in ("CO", "AR", "MX", "CL", "ES"):
        elegidos = acuerdo.elegir(pares, zona, 60)
        assert len(elegidos) == 60 and all(zona in p["zonas"] for p in elegidos)
        assert len({p["marco"] for p in elegidos}) == 60  # el espejo no se ve
        assert len({p["fenomeno"] for p in elegidos}) >= 8


def test_varias_zonas_en_una_orden(tmp_path):
    orden = ["formulario", "--zona", "CO", "MX", "--n", "6", "--personas", "2"]
    assert acuerdo.principal([*orden, "--carpeta", str(tmp_path)]) == 0
    nombres = {ruta.name for ruta in tmp_path.iterdir()}
    assert nombres == {f"formulario_{z}_{i}.csv" for z in ("CO", "MX") for i in (1, 2)}


def test_los_codigos_de_los_datos_no_se_repiten():
    todos = [par for filas in construir_variedades().values() for par in filas]
    codigos = {acuerdo.codigo(par) for par in todos}
    assert len(codigos) == len(todos)


# --- El acuerdo ---------------------------------------------------------------------


def test_tres_personas_que_dicen_lo_nuestro(tmp_path):
    rutas = acuerdo.escribir_formularios("CO", 24, personas=3, carpeta=tmp_path)
    for ruta in rutas:
        _responder(ruta, lambda i, fila, lado: lado)
    cifras = acuerdo.calcular(rutas)
    celda = _celda(cifras)
    assert (celda["personas"], celda["pares"], celda["respuestas"]) == (3, 24, 72)
    assert celda["acuerdo"] == 1 and celda["alto"] == 1 and 0.8 < celda["bajo"] < 0.9
    assert celda["alfa"] == pytest.approx(1)
    assert cifras["por_revisar"] == []
    assert _celda(cifras, "voseo", "CO")["pares"] == 8


def test_las_dos_y_ninguna_no_son_acuerdo(tmp_path):
    [ruta] = acuerdo.escribir_formularios("CO", 24, carpeta=tmp_path)
    dichos = ["LAS DOS ", "ninguna", "", None]
    _responder(ruta, lambda i, fila, lado: dichos[i % 4] if i % 4 < 3 else lado.lower())
    celda = _celda(acuerdo.calcular([ruta]))
    assert celda["respuestas"] == 18  # las que quedaron en blanco no cuentan
    assert celda["acuerdo"] == pytest.approx(6 / 18)
    assert celda["las_dos"] == celda["ninguna"] == pytest.approx(6 / 18)
    assert celda["alfa"] is None  # con una persona no hay con quién coincidir


def test_dos_zonas_y_un_desacuerdo_entero(tmp_path):
    rutas = []
    for zona in ("CO", "MX"):
        rutas += acuerdo.escribir_formularios(zona, 24, personas=2, carpeta=tmp_path)
    otro = {"A": "B", "B": "A"}
    for ruta in rutas:
        al_reves = ruta.name == "formulario_MX_2.csv"
        _responder(
            ruta,
            lambda i, fila, lado, al_reves=al_reves: otro[lado] if al_reves else lado,
            separador=";" if al_reves else ",",
        )
    cifras = acuerdo.calcular(rutas)
    assert _celda(cifras, "todos", "CO")["acuerdo"] == 1
    assert _celda(cifras, "todos", "MX")["acuerdo"] == 0.5
    assert _celda(cifras)["acuerdo"] == 0.75
    assert _celda(cifras, "todos", "MX")["alfa"] < -0.5
    assert len(cifras["por_revisar"]) == 24
    assert "no definido" not in acuerdo.tabla(cifras)
    assert "| todos | MX | 2 | 24 | 48 | 50 | 31-69 | 0 | 0 | -" in acuerdo.tabla(
        cifras
    )


def test_el_alfa_es_el_de_la_formula():
    """Dos personas, cuatro pares, valores 0011 y 0111: alfa = 1 - 0,25 / (30/56)."""
    valores = {"ana": (0, 0, 1, 1), "luz": (0, 1, 1, 1)}
    respuestas = []
    for persona, lista in valores.items():
        for par, valor in zip(PARES, lista, strict=False):
            primero = ("buena", "mala")[acuerdo._resumen("lado", par["id"])[0] % 2]
            otro = "mala" if primero == "buena" else "buena"
            eleccion = otro if valor else primero
            respuestas.append(Respuesta(persona, "CO", par["id"], "leismo", eleccion))
    assert acuerdo.alfa(respuestas) == pytest.approx(1 - 0.25 / (30 / 56))
    # lo que solo respondió una persona no cuenta
    sola = Respuesta("ana", "CO", "voseo-001", "voseo", "ninguna")
    assert acuerdo.alfa([*respuestas, sola]) == pytest.approx(1 - 0.25 / (30 / 56))
    iguales = [
        Respuesta(p, "CO", f"x-{i}", "voseo", "ninguna") for p in "ab" for i in "12"
    ]
    assert acuerdo.alfa(iguales) is None


def test_calcular_escribe_la_tabla_y_el_json(tmp_path, capsys):
    [ruta] = acuerdo.escribir_formularios("CO", 6, carpeta=tmp_path)
    _responder(ruta, lambda i, fila, lado: lado)
    salida = tmp_path / "acuerdo.json"
    assert acuerdo.principal(["calcular", str(ruta), "--salida", str(salida)]) == 0
    assert "| fenómeno | zona |" in capsys.readouterr().out
    assert _celda(json.loads(salida.read_text("utf-8")))["acuerdo"] == 1


def _con(fila: int, **cambio):
    """Un estropicio: cambia unas columnas de una fila."""

    def estropear(filas):
        filas[fila] |= cambio

    return estropear


def _sin_columna(filas):
    for fila in filas:
        fila["respuestas"] = fila.pop("respuesta")


def _repetida(filas):
    filas.append(dict(filas[0]))


@pytest.mark.parametrize(
    ("estropear", "mensaje"),
    [
        (_sin_columna, "línea 1: falta la columna «respuesta»"),
        (_con(1, id="p-00000000"), "línea 3: no conozco el id «p-00000000»"),
        (_con(2, respuesta="quizás"), "línea 4: no entiendo la respuesta «quizás»"),
        (_con(0, A="Otra oración."), "línea 2: las oraciones no son las de los datos"),
        (_con(3, zona="MX"), "línea 5: la zona cambia a «MX»"),
        (_con(0, zona="PE"), "línea 2: el par es de CO y la fila dice «PE»"),
        (_repetida, "línea 8: el id"),
    ],
)
def test_una_mala_respuesta_se_nombra_con_su_linea(
    tmp_path, capsys, estropear, mensaje
):
    [ruta] = acuerdo.escribir_formularios("CO", 6, carpeta=tmp_path)
    filas = _leer(ruta)
    estropear(filas)
    _guardar(ruta, filas)
    assert acuerdo.principal(["calcular", str(ruta)]) == 1
    error = capsys.readouterr().err
    assert f"formulario_CO_1.csv, {mensaje}" in error and error.count("\n") == 1


def test_los_archivos_que_no_se_pueden_leer(tmp_path, capsys):
    [ruta] = acuerdo.escribir_formularios("CO", 6, carpeta=tmp_path)
    casos = {str(tmp_path / "nada.csv"): "No existe el archivo"}
    casos[str(ruta)] = "No hay ninguna respuesta"
    vacio = tmp_path / "vacio.csv"
    vacio.write_text("")
    casos[str(vacio)] = "línea 1: falta la columna «id»"
    latino = _guardar(tmp_path / "latino.csv", _leer(ruta), codificacion="latin-1")
    casos[str(latino)] = "no está en UTF-8"
    for nombre, mensaje in casos.items():
        assert acuerdo.principal(["calcular", nombre]) == 1
        assert mensaje in capsys.readouterr().err
    (tmp_path / "otra").mkdir()
    copia = tmp_path / "otra" / ruta.name
    copia.write_bytes(ruta.read_bytes())
    assert acuerdo.principal(["calcular", str(ruta), str(copia)]) == 1
    assert "Hay dos archivos «formulario_CO_1»" in capsys.readouterr().err
