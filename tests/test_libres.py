"""Prueba las oraciones libres de tratamientos: su lector y lo que contienen."""

import json
import re
import unicodedata
from collections import Counter
from itertools import combinations

import pytest
from parecidos import jaccard, tejas

from taller.conjuntos.cargar import cargar_datos
from taller.conjuntos.libres import (
    PARTICIONES,
    RASGOS,
    RUTA,
    TRATOS,
    construir_libres,
)
from taller.conjuntos.tratamientos import (
    construir_tratamientos,
    instruccion,
    respuestas,
)
from taller.errores import ErrorDelTaller

MINIMOS = {"libres_validacion": 60, "libres": 120}
FILA = {
    "id": "libre-001",
    "particion": "libres",
    "origen": "¿Tienes hambre?",
    "respuestas": {"vos": ["¿Tenés hambre?"], "usted": ["¿Tiene hambre?"]},
    "rasgos": ["una_sola", "irregular"],
}


@pytest.fixture(scope="module")
def datos() -> dict[str, list[dict]]:
    return construir_libres()


@pytest.fixture(scope="module")
def todas(datos) -> list[dict]:
    return [fila for filas in datos.values() for fila in filas]


def _textos(fila: dict) -> list[str]:
    """El origen y todas sus respuestas."""
    return [fila["origen"], *(r for t in TRATOS for r in fila["respuestas"][t])]


# --- El lector ----------------------------------------------------------------------


def _con(**cambios) -> dict:
    return FILA | {"id": "libre-002"} | cambios


def _respuestas(**cambios) -> dict:
    return _con(respuestas=FILA["respuestas"] | cambios)


@pytest.mark.parametrize(
    ("mala", "frase"),
    [
        (_con(id="libreval-002"), "debe ser como «libre-001»"),
        (_con(id="libre-2"), "debe ser como «libre-001»"),
        (_con(id="libre-001"), "ya está en otra línea"),
        (_con(id=None), "«id» debe ser un texto"),
        (_con(particion="prueba"), "no es un valor de «particion»"),
        (_con(particion=[]), "«particion» debe ser un texto"),
        (_con(origen=" "), "«origen» debe ser un texto"),
        (_con(origen="¿Sabes n\u0303?"), "no está en NFC"),
        (_con(respuestas=[]), "dos listas: vos y usted"),
        (_con(respuestas={"vos": ["¿Tenés hambre?"]}), "dos listas: vos y usted"),
        (_respuestas(ustedes=["¿Tienen hambre?"]), "dos listas: vos y usted"),
        (_respuestas(vos=[]), "«vos» debe ser una lista"),
        (_respuestas(vos="¿Tenés hambre?"), "«vos» debe ser una lista"),
        (_respuestas(usted=[3]), "«usted» debe ser un texto"),
        (_respuestas(usted=["¿Tiene n\u0303?"]), "no está en NFC"),
        (_respuestas(usted=["¿Tiene hambre?"] * 2), "respuesta repetida en «usted»"),
        (_respuestas(vos=["¿Tenés hambre"]), "no termina con el signo del origen"),
        (_respuestas(usted=["¿Tienes hambre?"]), "usted es igual al origen"),
        (_respuestas(vos=["¿Tienes hambre?"]), "«igual_en_vos» va si, y solo si"),
        (_con(rasgos=["una_sola", "igual_en_vos"]), "«igual_en_vos» va si, y solo si"),
        (_con(rasgos=[]), "«rasgos» debe ser una lista"),
        (_con(rasgos=["voseo"]), "no es un valor de «rasgos»"),
        (_con(rasgos=["una_sola"] * 2), "hay un rasgo repetido"),
        (_con(nota="x"), "sobra el campo «nota»"),
        ({"id": "libre-002"}, "falta el campo «particion»"),
        ([FILA], "se esperaba un objeto"),
    ],
)
def test_una_fila_mala_dice_archivo_y_linea(tmp_path, mala, frase):
    ruta = tmp_path / "libres.jsonl"
    lineas = [json.dumps(fila, ensure_ascii=False) for fila in (FILA, mala)]
    ruta.write_text("\n".join(lineas) + "\n", encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=rf"libres\.jsonl, línea 2: .*{frase}"):
        construir_libres(ruta)


def test_una_linea_que_no_es_json_dice_archivo_y_linea(tmp_path):
    ruta = tmp_path / "libres.jsonl"
    ruta.write_text(json.dumps(FILA) + "\n{,}\n", encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=r"libres\.jsonl, línea 2: "):
        construir_libres(ruta)


def test_un_archivo_que_no_esta_se_nombra(tmp_path):
    with pytest.raises(ErrorDelTaller, match=r"nada\.jsonl"):
        construir_libres(tmp_path / "nada.jsonl")


def test_una_fila_buena_se_lee(tmp_path):
    ruta = tmp_path / "libres.jsonl"
    ruta.write_text(json.dumps(FILA) + "\n", encoding="utf-8")
    assert construir_libres(ruta) == {"libres_validacion": [], "libres": [FILA]}


# --- Los datos ----------------------------------------------------------------------


def test_tamanos_e_identificadores_seguidos(datos):
    assert list(datos) == list(PARTICIONES) == list(MINIMOS)
    for particion, filas in datos.items():
        assert len(filas) >= MINIMOS[particion]
        ids = [f"{PARTICIONES[particion]}-{n:03}" for n in range(1, len(filas) + 1)]
        assert [fila["id"] for fila in filas] == ids


def test_cada_conjunto_trae_todos_los_rasgos(datos):
    for filas in datos.values():
        veces = Counter(rasgo for fila in filas for rasgo in fila["rasgos"])
        assert set(veces) == set(RASGOS)
        assert min(veces.values()) >= 3, veces
        assert veces["una_sola"] <= len(filas) / 5
        assert veces["igual_en_vos"] <= len(filas) / 20
        assert sum(len(fila["rasgos"]) >= 2 for fila in filas) >= len(filas) / 2


def test_los_rasgos_que_se_ven_en_el_texto_son_ciertos(todas):
    for fila in todas:
        palabras = set(re.findall(r"\w+", fila["origen"].lower()))
        rasgos = set(fila["rasgos"])
        hay = {
            "pronombre": palabras & {"tú", "ti", "contigo"},
            "posesivo": palabras & {"tu", "tus", "tuyo", "tuya"},
        }
        for rasgo, encontradas in hay.items():
            assert (rasgo in rasgos) == bool(encontradas), fila
        if "te" in palabras:
            assert rasgos & {"clitico", "reflexivo"}, fila
        if "una_sola" in rasgos:
            assert not rasgos & {"dos_verbos", "subordinada"}, fila
        if "imperativo_negativo" in rasgos:
            assert "subjuntivo" in rasgos and "no" in palabras, fila


def test_el_origen_cambia_salvo_donde_debe_quedar_igual(todas):
    for fila in todas:
        assert fila["origen"] not in fila["respuestas"]["usted"]
        if "igual_en_vos" in fila["rasgos"]:
            # lo más usual es dejarla como está
            assert fila["respuestas"]["vos"][0] == fila["origen"]
        else:
            assert fila["origen"] not in fila["respuestas"]["vos"]


def test_ninguna_respuesta_guarda_una_palabra_de_otro_trato(todas):
    de_tu = {"tú", "ti", "contigo"}
    ajenas = {"vos": de_tu | {"usted"}, "usted": de_tu | {"te", "tu", "tus", "vos"}}
    for fila in todas:
        for trato in TRATOS:
            for respuesta in fila["respuestas"][trato]:
                palabras = set(re.findall(r"\w+", respuesta.lower()))
                assert not palabras & ajenas[trato], respuesta
        assert "vosotros" not in fila["origen"]


def test_las_oraciones_estan_bien_escritas(todas):
    for fila in todas:
        signos = re.sub(r"[\w\s]", "", fila["origen"])
        assert 4 <= len(re.findall(r"\w+", fila["origen"])) <= 16, fila["origen"]
        for texto in _textos(fila):
            assert unicodedata.is_normalized("NFC", texto)
            assert re.fullmatch("[a-zñáéíóúü ,.:;¿?¡!]+", texto.lower()), texto
            assert texto == " ".join(texto.split())
            assert texto[-1] == fila["origen"][-1] and texto[-1] in ".?!"
            assert re.sub(r"[\w\s]", "", texto) == signos, texto
            assert texto.lstrip("¿¡")[0].isupper(), texto
            assert texto.count("¿") == texto.count("?")
            assert texto.count("¡") == texto.count("!")


def test_no_hay_oraciones_repetidas_ni_casi(todas):
    palabras = {fila["origen"]: tejas(fila["origen"], largo=1) for fila in todas}
    assert len(palabras) == len(todas)
    casi = [
        par
        for par in combinations(palabras, 2)
        if jaccard(palabras[par[0]], palabras[par[1]]) > 0.6
    ]
    assert not casi


@pytest.mark.lento
def test_no_comparten_cinco_palabras_con_el_entrenamiento(todas):
    vistas = {
        teja
        for fila in construir_tratamientos()["entrenamiento"]
        for lado in ("origen", "destino")
        for teja in tejas(fila[lado], largo=5)
    }
    for fila in todas:
        for texto in _textos(fila):
            # `tejas` da una más corta si el texto no llega a cinco palabras
            comunes = {t for t in tejas(texto, largo=5) & vistas if len(t) == 5}
            assert not comunes, (fila["id"], comunes)


def test_se_cargan_como_las_demas_y_se_preguntan_igual(datos):
    libres = cargar_datos("libres")
    assert set(libres) == set(PARTICIONES)
    for particion, filas in datos.items():
        assert list(libres[particion]) == filas
    fila = libres["libres"][3]
    for trato in TRATOS:
        assert instruccion(fila, trato) == f"Pasa a {trato}: {fila['origen']}"
        assert respuestas(fila, trato) == fila["respuestas"][trato]


def test_el_archivo_es_el_del_curso(datos, todas):
    lineas = RUTA.read_text(encoding="utf-8").splitlines()
    assert [json.loads(linea) for linea in lineas] == todas
