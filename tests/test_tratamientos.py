"""Prueba el conjugador y los pares de tratamientos."""

import json
import re
from collections import Counter

import formas_a_mano
import pytest

from taller.conjuntos.jsonl import leer_jsonl
from taller.conjuntos.tratamientos import (
    cambiar_trato,
    construir_tratamientos,
    instruccion,
    redactar,
    repartir,
)
from taller.errores import ErrorDelTaller
from taller.verbos.conjugacion import PERSONAS, TIEMPOS, conjugar
from taller.verbos.ortografia import escribir
from taller.verbos.raices import clase

CLASES = {
    "regular-ar",
    "regular-er",
    "regular-ir",
    "cambio de raíz",
    "cambio ortográfico",
    "irregular",
}


def _formas() -> list[tuple[str, str, str, str]]:
    """Despliega las tablas hechas a mano: (verbo, persona, tiempo, forma)."""
    filas = []
    for linea in formas_a_mano.PRESENTE_E_IMPERATIVO.strip().splitlines():
        verbo, resto = linea.split(": ")
        for tiempo, formas in zip(
            ("presente", "imperativo"), resto.split("; "), strict=True
        ):
            for persona, forma in zip(PERSONAS[:3], formas.split(), strict=True):
                filas.append((verbo, persona, tiempo, forma))
    for linea in formas_a_mano.USTED_EN_OTROS_TIEMPOS.strip().splitlines():
        verbo, formas = linea.split(": ")
        for tiempo, forma in zip(TIEMPOS[3:], formas.split(), strict=True):
            filas.append((verbo, "usted", tiempo, forma))
    for linea in formas_a_mano.SUELTAS.strip().splitlines():
        verbo, persona, tiempo, forma = linea.split(maxsplit=3)
        filas.append((verbo, persona, tiempo, forma))
    return filas


@pytest.fixture(scope="module")
def pares() -> dict[str, list[dict]]:
    return construir_tratamientos()


@pytest.fixture(scope="module")
def todos(pares) -> list[dict]:
    return [fila for filas in pares.values() for fila in filas]


def test_la_regla_coincide_con_la_tabla_hecha_a_mano():
    filas = _formas()
    assert len(filas) >= 300
    distintas = [
        f"{verbo} ({persona}, {tiempo}): regla «{sale}», tabla «{forma}»"
        for verbo, persona, tiempo, forma in filas
        if (sale := conjugar(verbo, persona, tiempo)) != forma
    ]
    assert not distintas, "\n".join(distintas)


def test_los_encliticos_mueven_la_tilde():
    pegar = {
        ("decir", "vos", "lo"): "decilo",
        ("decir", "vos", "me"): "decime",
        ("decir", "vos", "melo"): "decímelo",
        ("decir", "tú", "melo"): "dímelo",
        ("dar", "tú", "me"): "dame",
        ("dar", "usted", "me"): "deme",
        ("cantar", "tú", "la"): "cántala",
        ("cantar", "vos", "la"): "cantala",
        ("traer", "usted", "los"): "tráigalos",
        ("oír", "vos", "me"): "oíme",
    }
    for (verbo, persona, enclitico), forma in pegar.items():
        assert conjugar(verbo, persona, "imperativo", enclitico) == forma


def test_el_subjuntivo_de_vos_tiene_norma_y_variante():
    assert conjugar("cantar", "vos", "imperativo negativo") == "cantes"
    assert conjugar("cantar", "vos", "subjuntivo", voseante=True) == "cantés"
    assert conjugar("dormir", "vos", "subjuntivo", voseante=True) == "durmás"
    assert conjugar("ir", "vos", "subjuntivo", voseante=True) == "vayás"


def test_la_tilde_sigue_la_norma():
    norma = "cantás=cantás vás=vas dió=dio riáis=riais prohíbe=prohíbe léen=leen"
    for caso in norma.split():
        marcada, escrita = caso.split("=")
        assert escribir(marcada) == escrita
    with pytest.raises(ValueError, match="una sola vocal"):
        escribir("canta")


@pytest.mark.parametrize(
    ("argumentos", "mensaje"),
    [
        (("cantar", "nosotros"), "No conozco la persona «nosotros»"),
        (("cantar", "vos", "gerundio"), "No conozco el tiempo «gerundio»"),
        (("mesa", "vos"), "«mesa» no es un infinitivo"),
        (("", "vos"), "no es un infinitivo"),
        (("cantar", "vos", "presente", "la"), "solo se pegan"),
        (("haber", "vos", "imperativo"), "no tiene imperativo"),
    ],
)
def test_conjugar_explica_lo_que_no_entiende(argumentos, mensaje):
    with pytest.raises(ErrorDelTaller, match=mensaje):
        conjugar(*argumentos)


def test_pronombres_y_posesivos_se_mueven_con_el_verbo():
    plantilla = "¿{te:se} {cerrar:presente} {tu:f} puerta {contigo} o sin {ti}?"
    assert cambiar_trato(plantilla, "vos") == (
        "¿Te cierras tu puerta contigo o sin ti?",
        "¿Te cerrás tu puerta con vos o sin vos?",
    )
    assert redactar(plantilla, "usted") == "¿Se cierra su puerta con usted o sin usted?"
    assert redactar("{te:se} lo digo a {ti}.", "ustedes") == "Se lo digo a ustedes."
    assert redactar("{te:le} {dar:presente} {tu:f} casa.", "vosotros") == (
        "Os dais vuestra casa."
    )
    with pytest.raises(ErrorDelTaller, match="No entiendo el hueco «{jefe}»"):
        redactar("Hola, {jefe}.", "vos")
    with pytest.raises(ErrorDelTaller, match="No conozco el trato"):
        redactar("Hola.", "vuestra merced")


def test_tamanos(pares, todos):
    assert len(todos) >= 20_000
    assert len({f["verbo"] for f in todos}) >= 500
    assert len({f["marco"] for f in todos}) >= 150
    assert len({f["pais"] for f in todos} - {"general"}) >= 8
    for parte in ("prueba", "marcos_nuevos", "todo_nuevo"):
        for a in ("vos", "usted"):
            assert sum((f["de"], f["a"]) == ("tú", a) for f in pares[parte]) >= 150
    palabras = [len(f["origen"].split()) for f in todos]
    assert sum(palabras) / len(palabras) >= 8
    assert 6 <= min(palabras) and max(palabras) <= 18


def test_cada_particion_mide_lo_que_dice(pares):
    verbos = {parte: {f["verbo"] for f in filas} for parte, filas in pares.items()}
    marcos = {parte: {f["marco"] for f in filas} for parte, filas in pares.items()}
    assert not verbos["entrenamiento"] & verbos["prueba"]
    assert verbos["marcos_nuevos"] <= verbos["entrenamiento"]
    assert verbos["todo_nuevo"] <= verbos["prueba"]
    assert verbos["supletivos"] == {"ser", "ir", "haber"}
    assert marcos["prueba"] <= marcos["entrenamiento"]
    assert not marcos["entrenamiento"] & marcos["marcos_nuevos"]
    assert not marcos["entrenamiento"] & marcos["todo_nuevo"]
    for parte in ("entrenamiento", "prueba"):
        assert {f["clase"] for f in pares[parte]} == CLASES
    # La forma que hay que producir tampoco aparece suelta en el entrenamiento.
    vistas = {
        palabra
        for f in pares["entrenamiento"]
        if f["a"] == "vos"
        for palabra in re.findall(r"\w+", f["destino"].lower())
    }
    for fila in pares["prueba"]:
        if fila["a"] == "vos":
            forma = conjugar(fila["verbo"], "vos", fila["tiempo"])
            assert forma.split()[-1] not in vistas, forma


def test_cada_clase_aparta_la_quinta_parte(pares, todos):
    clases = Counter(clase(v) for v in {f["verbo"] for f in todos})
    apartados = Counter(clase(v) for v in {f["verbo"] for f in pares["prueba"]})
    for nombre in CLASES:
        assert abs(apartados[nombre] - 0.2 * clases[nombre]) <= 0.5
    # Agregar un verbo a una clase no cambia el reparto de las demás.
    verbos = sorted({f["verbo"] for f in todos})
    antes, despues = repartir(verbos), repartir([*verbos, "zarandear"])
    assert all(antes[v] == despues[v] for v in verbos if clase(v) != clase("zarandear"))


def test_ningun_par_se_resuelve_copiando_ni_se_repite(todos):
    assert all(f["origen"] != f["destino"] for f in todos)
    veces = Counter((f["origen"], f["de"], f["a"]) for f in todos)
    assert max(veces.values()) == 1
    for fila in todos:
        verbo, tiempo = fila["verbo"], fila["tiempo"]
        una, otra = (conjugar(verbo, fila[lado], tiempo) for lado in ("de", "a"))
        assert una != otra
        assert una.lower() in fila["origen"].lower()
        assert otra.lower() in fila["destino"].lower()


def test_las_oraciones_estan_bien_escritas(todos):
    for fila in todos:
        for texto in (fila["origen"], fila["destino"]):
            assert re.fullmatch(r"[\w ,.:¿?]+", texto), texto
            assert "  " not in texto and texto[-1] in ".?"
            assert texto.lstrip("¿")[0].isupper()
            assert texto.count("¿") == texto.count("?") <= 1
        mezcla = re.findall(r"\b(tú|ti|contigo|tus?)\b", fila["destino"].lower())
        if fila["a"] in ("usted", "ustedes", "vosotros"):
            assert not mezcla, fila["destino"]
        if fila["a"] == "vos":
            assert not {"tú", "ti", "contigo"} & set(mezcla), fila["destino"]
    assert any("con vos" in f["destino"].lower() for f in todos)
    assert any("con usted" in f["destino"].lower() for f in todos)


def test_no_hay_pares_en_tiempos_que_no_cambian(todos):
    de_tu = [f for f in todos if f["de"] == "tú"]
    tiempos = {a: {f["tiempo"] for f in de_tu if f["a"] == a} for a in PERSONAS}
    assert tiempos["vos"] == {"presente", "imperativo"}
    assert tiempos["usted"] == tiempos["ustedes"] == set(TIEMPOS)
    # en Chile, el imperativo, el pretérito y el futuro son los del tuteo
    assert tiempos["chileno"] == set(TIEMPOS) - {"imperativo", "pretérito", "futuro"}


@pytest.mark.lento
def test_siempre_sale_lo_mismo(pares):
    assert construir_tratamientos() == pares
    fila = pares["prueba"][0]
    assert instruccion(fila) == f"Pasa a {fila['a']}: {fila['origen']}"
    assert list(fila) == (
        ["origen", "destino", "de", "a", "verbo", "clase", "tiempo", "marco"]
        + ["pais", "particion"]
    )


@pytest.mark.parametrize(
    ("contenido", "mensaje"),
    [
        (b'{"verbo": "a"}\n{"verbo": \n', r"datos\.jsonl, línea 2: no es JSON válido"),
        (b'{"verbo": "a"}\n\n{"otro": 1}\n', r"línea 3: falta el campo «verbo»"),
        (b"[1, 2]\n", r"línea 1: se esperaba un objeto"),
        ('{"verbo": "reír"}'.encode("latin-1"), r"línea 1: el texto no está en UTF-8"),
    ],
)
def test_el_lector_nombra_archivo_y_linea(tmp_path, contenido, mensaje):
    ruta = tmp_path / "datos.jsonl"
    ruta.write_bytes(contenido)
    with pytest.raises(ErrorDelTaller, match=mensaje):
        leer_jsonl(ruta, ["verbo"])


def test_el_lector_acepta_un_archivo_bueno(tmp_path):
    ruta = tmp_path / "datos.jsonl"
    filas = [{"verbo": "oír", "n": 1}, {"verbo": "reír", "n": 2}]
    lineas = "\n\n".join(json.dumps(f, ensure_ascii=False) for f in filas)
    ruta.write_text("\ufeff" + lineas, encoding="utf-8")
    assert leer_jsonl(ruta, ["verbo", "n"]) == filas
    with pytest.raises(ErrorDelTaller, match="No existe el archivo"):
        leer_jsonl(tmp_path / "nada.jsonl")


def test_la_ficha_y_sus_cifras_estan_al_dia(pares, monkeypatch):
    from herramientas.datos import contar_tratamientos as programa

    monkeypatch.setattr(programa, "construir_tratamientos", lambda: pares)
    cifras = programa.contar()
    aviso = "Corre: python -m herramientas.datos.contar_tratamientos"
    assert json.loads(programa.CIFRAS.read_text(encoding="utf-8")) == cifras, aviso
    assert programa.tabla(cifras) in programa.FICHA.read_text(encoding="utf-8"), aviso
