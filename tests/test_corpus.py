"""Prueba corpus_co, los textos por registro y la copia sucia con su verdad."""

import json
import re
import unicodedata
from collections import Counter
from statistics import mean, pstdev

import pytest
from parecidos import jaccard, tejas

from taller.conjuntos.cargar import cargar_datos
from taller.conjuntos.corpus import (
    REGIONES,
    REGISTROS,
    REGISTROS_CO,
    construir_corpus_co,
    construir_registros,
    leer_corpus_co,
)
from taller.conjuntos.corpus_sucio import CUOTAS, PROBLEMAS, construir_corpus_co_sucio
from taller.conjuntos.datos_falsos import Azar, dato_falso, digito_nit
from taller.conjuntos.ensuciar import casi_igual, romper
from taller.conjuntos.voces import (
    VOCES,
    leer_corpus_co_ampliado,
    leer_voces,
)
from taller.errores import ErrorDelTaller

# Todo lo que podría ser de alguien. Más ancho que lo que se pone: si algo se cuela en
# un texto sin declararse, aquí se ve.
PERSONALES = re.compile(
    r"[\w.+-]+(?:@| \(arroba\) )[\w-]+\.\w+"
    r"|\+?\d[\d. -]{5,}\d(?:-[\dkK])?|\(\d{3}\) [\d -]+\d|\d{3}-\d{3}-\d{4}"
)


@pytest.fixture(scope="module")
def limpio() -> dict[str, dict]:
    return {fila["id"]: fila for fila in leer_corpus_co()}


@pytest.fixture(scope="module")
def ampliado() -> dict[str, dict]:
    return {fila["id"]: fila for fila in leer_corpus_co_ampliado()}


@pytest.fixture(scope="module")
def sucio() -> list[dict]:
    return construir_corpus_co_sucio()["todo"]


@pytest.fixture(scope="module")
def piezas() -> dict:
    from taller.conjuntos.corpus import DATOS

    return json.loads((DATOS / "suciedad" / "piezas.json").read_text(encoding="utf-8"))


def con(filas: list[dict], problema: str) -> list[dict]:
    return [fila for fila in filas if problema in fila["verdad"]["problemas"]]


def palabras(filas) -> list[int]:
    return [len(fila["texto"].split()) for fila in filas]


# corpus_co


def test_corpus_co_tiene_el_tamano_prometido(limpio):
    largos = palabras(limpio.values())
    assert len(limpio) >= 160
    assert sum(largos) >= 30_000
    assert min(largos) >= 150 and max(largos) <= 320
    assert list(limpio) == [f"co-{n:03d}" for n in range(1, len(limpio) + 1)]
    assert len({fila["titulo"] for fila in limpio.values()}) == len(limpio)


def test_corpus_co_esta_equilibrado(limpio):
    filas = list(limpio.values())
    celdas = Counter((fila["registro"], fila["region"]) for fila in filas)
    assert len(celdas) == len(REGISTROS_CO) * len(REGIONES)
    assert set(celdas.values()) <= {2, 3}
    for campo in ("registro", "region"):
        por_valor = Counter(fila[campo] for fila in filas)
        assert max(por_valor.values()) <= 1.25 * min(por_valor.values())
    # Ninguna región escribe mucho más largo que otra: se compararían longitudes.
    medias = [
        mean(palabras([f for f in filas if f["region"] == region]))
        for region in REGIONES
    ]
    assert max(medias) <= 1.1 * min(medias)


def test_corpus_co_reparte_un_texto_de_cada_cruce(limpio):
    partes = construir_corpus_co()
    assert sum(map(len, partes.values())) == len(limpio)
    prueba = Counter((f["registro"], f["region"]) for f in partes["prueba"])
    assert set(prueba.values()) == {1}
    assert len(prueba) == len(REGISTROS_CO) * len(REGIONES)
    assert not {f["id"] for f in partes["prueba"]} & {
        f["id"] for f in partes["entrenamiento"]
    }
    assert all(f["particion"] == p for p, filas in partes.items() for f in filas)


def test_el_reparto_no_depende_del_orden_ni_del_id(limpio, tmp_path):
    revuelto = tmp_path / "revuelto.jsonl"
    filas = [{**f, "id": f"x-{n}"} for n, f in enumerate(reversed(limpio.values()))]
    revuelto.write_text(
        "\n".join(json.dumps(f, ensure_ascii=False) for f in filas), encoding="utf-8"
    )

    def titulos(partes):
        return {parte: {f["titulo"] for f in filas} for parte, filas in partes.items()}

    assert titulos(construir_corpus_co(revuelto)) == titulos(construir_corpus_co())


@pytest.mark.parametrize(
    ("cambio", "mensaje"),
    [
        ({"region": "marciano"}, "línea 3: «marciano» no es un valor de «region»"),
        ({"registro": None}, "línea 3: «registro» debe ser un texto"),
        ({"texto": " "}, "línea 3: «texto» debe ser un texto y no puede estar vacío"),
        ({"titulo": "man\u0303ana"}, "línea 3: «titulo» no está en NFC"),
        ({"id": "co-1"}, "línea 3: el id «co-1» ya está en otra línea"),
    ],
)
def test_una_fila_mala_se_nombra_por_archivo_y_linea(tmp_path, cambio, mensaje):
    buena = {"id": "co-1", "registro": "carta", "region": "paisa"}
    buena |= {"titulo": "Uno", "texto": "Hola, mija."}
    filas = [buena, {**buena, "id": "co-2", **cambio}]
    archivo = tmp_path / "malo.jsonl"
    lineas = [json.dumps(fila, ensure_ascii=False) for fila in filas]
    archivo.write_text("\n\n".join(lineas), encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=rf"malo\.jsonl, {mensaje}"):
        construir_corpus_co(archivo)


# Las voces nuevas


def _final(texto: str) -> int:
    """Palabras de la última oración."""
    return len(re.split(r"(?<=[.?!…])\s+", texto.strip())[-1].split())


def test_las_voces_nuevas_no_salen_del_mismo_molde(limpio):
    nuevas = leer_voces()
    assert len(nuevas) >= 40
    ids = [f"co-{n}" for n in range(len(limpio) + 1, len(limpio) + len(nuevas) + 1)]
    assert [f["id"] for f in nuevas] == ids
    voces = Counter(f["voz"] for f in nuevas)
    assert set(voces) == set(VOCES) - {"tradicional"} and min(voces.values()) >= 10
    assert {f["registro"] for f in nuevas} == set(REGISTROS_CO)
    assert {f["region"] for f in nuevas} == set(REGIONES)
    # Varían de largo mucho más que los de antes, y pocos acaban en una frase corta.
    largos, antes = palabras(nuevas), palabras(limpio.values())
    assert pstdev(largos) / mean(largos) > 4 * pstdev(antes) / mean(antes)
    assert min(largos) < 80 and max(largos) > 250
    assert mean(_final(f["texto"]) <= 12 for f in nuevas) <= 0.4
    titulos = {f["titulo"] for f in limpio.values()}
    assert not titulos & {f["titulo"] for f in nuevas}


def test_el_corpus_ampliado_conserva_los_de_antes(limpio, ampliado):
    assert list(ampliado)[: len(limpio)] == list(limpio)
    for i, fila in limpio.items():
        assert {c: ampliado[i][c] for c in fila} == fila, i


def test_lo_corregido_no_vuelve(limpio):
    """Ni un hecho inventado en un hospital de verdad ni una voz costeña en el Valle."""
    assert "hospital de Rionegro" not in limpio["co-108"]["texto"]
    assert "seño" not in limpio["co-131"]["texto"].split()


# registros


def test_registros_tiene_cuatro_registros_parejos():
    partes = construir_registros()
    filas = [fila for parte in partes.values() for fila in parte]
    assert len(filas) >= 44
    largos = palabras(filas)
    assert min(largos) >= 120 and max(largos) <= 220
    por_registro = Counter(fila["registro"] for fila in filas)
    assert set(por_registro) == set(REGISTROS)
    assert min(por_registro.values()) >= 11
    for registro in REGISTROS:
        hay = [sum(f["registro"] == registro for f in p) for p in partes.values()]
        assert max(hay) - min(hay) <= 1, registro


# Los datos falsos


def test_el_digito_del_nit_es_el_de_la_dian():
    # A mano: 1·3 = 3, 11 - 3 = 8; 4·3 = 12, resto 1; 1·7 + 5·3 = 22, resto 0.
    assert [digito_nit(n) for n in (1, 4, 15)] == ["8", "1", "0"]
    # Los de tres entidades públicas, y el ejemplo de una explicación del algoritmo.
    conocidos = {800197268: "4", 860002964: "4", 899999068: "1", 800191045: "1"}
    assert {n: digito_nit(n) for n in conocidos} == conocidos


def _cifras(texto: str) -> str:
    return re.sub(r"\D", "", texto)


def _no_es_de_nadie(tipo: str, dato: str) -> bool:
    """Lo que promete taller/datos_falsos.py, comprobado en el dato mismo."""
    if tipo == "correo":
        return bool(re.search(r"(@| \(arroba\) )example\.(com|org|net)$", dato))
    if tipo == "telefono":
        numero = re.sub(r"^(57|1)(?=\d{10}$)", "", _cifras(dato))
        return bool(re.fullmatch(r"(809|829|849)55501\d\d|6030\d{6}|39\d{8}", numero))
    if tipo == "cedula":
        return 9_900_000_000 <= int(_cifras(dato)) < 10_000_000_000
    numero, digito = dato.split("-")
    return digito_nit(int(_cifras(numero))) != digito


@pytest.mark.parametrize("tipo", ["correo", "telefono", "cedula", "nit"])
def test_ningun_dato_falso_puede_ser_de_alguien(tipo):
    datos = {dato_falso(tipo, Azar("prueba", n)) for n in range(400)}
    assert len(datos) > 90
    assert [d for d in datos if not _no_es_de_nadie(tipo, d)] == []


def test_el_azar_es_siempre_el_mismo():
    # Fijos: si cambian, cambia la copia sucia de quien ya hizo la lección.
    assert [Azar("fijo", n).entero(1000) for n in range(3)] == [467, 141, 885]
    azar = Azar("fijo")
    assert sorted(azar.barajar(list(range(50)))) == list(range(50))
    assert Azar("fijo").barajar(list(range(9))) == Azar("fijo").barajar(list(range(9)))
    vistos = Counter(Azar("dado", n).entero(6) for n in range(3000))
    assert set(vistos) == set(range(6)) and min(vistos.values()) > 400


# La copia sucia


def test_la_copia_sucia_sale_siempre_igual(sucio):
    otra = construir_corpus_co_sucio()["todo"]
    assert json.dumps(otra) == json.dumps(sucio)
    distinta = construir_corpus_co_sucio(semilla=7)["todo"]
    assert json.dumps(distinta) != json.dumps(sucio)


def test_cada_fila_tiene_la_misma_forma(sucio):
    assert [f["id"] for f in sucio] == [
        f"sucio-{n:03d}" for n in range(1, len(sucio) + 1)
    ]
    claves = set(sucio[0]["verdad"])
    assert {
        "origen",
        "problemas",
        "duplicado_de",
        "datos_personales",
        "idioma",
    } <= claves
    for fila in sucio:
        assert set(fila) == {"id", "texto", "licencia", "url", "verdad"}
        assert set(fila["verdad"]) == claves
        assert set(fila["verdad"]["problemas"]) <= set(PROBLEMAS)
        assert re.fullmatch(
            r"https://ejemplo\.example/paginas/\d+(\?\S+)?", fila["url"]
        )


def test_hay_casos_de_sobra_para_medir_cada_paso(sucio, ampliado):
    cuentas = Counter(p for f in sucio for p in f["verdad"]["problemas"])
    assert set(cuentas) == set(PROBLEMAS)
    assert min(cuentas.values()) >= 8
    sin_problemas = sum(not f["verdad"]["problemas"] for f in sucio)
    assert sin_problemas >= 0.1 * len(sucio)
    tipos = Counter(d["tipo"] for f in sucio for d in f["verdad"]["datos_personales"])
    assert set(tipos) == {"correo", "telefono", "cedula", "nit"}
    assert min(tipos.values()) >= 12
    assert sum(bool(f["verdad"]["senuelos"]) for f in sucio) >= 15
    propias = [f for f in sucio if f["verdad"]["duplicado_de"] is None]
    origenes = [f["verdad"]["origen"] for f in propias if f["verdad"]["origen"]]
    assert sorted(origenes) == sorted(ampliado)
    assert cuentas["duplicado_casi"] == round(CUOTAS["duplicado_casi"] * len(ampliado))


def _deshacer(fila: dict, piezas: dict) -> str:
    """Limpia una fila con lo que dice su verdad, y nada más."""
    texto, verdad = fila["texto"], fila["verdad"]
    for codificacion in reversed(verdad["codificacion"]):
        texto = texto.encode(codificacion).decode("utf-8")
    texto = unicodedata.normalize("NFC", texto)
    lineas = enumerate(texto.split("\n"))
    texto = "\n".join(x for i, x in lineas if i not in verdad["lineas_relleno"])
    frases = dict(piezas["frases"], senuelo=[frase for frase, _ in piezas["senuelos"]])
    for dato in verdad["datos_personales"] + verdad["senuelos"]:
        for frase in frases[dato["tipo"]]:
            texto = texto.replace(" " + frase.format(dato["texto"]), "")
    return texto


def test_con_la_verdad_se_recupera_el_texto_limpio(sucio, ampliado, piezas):
    malas = [
        fila["id"]
        for fila in sucio
        if fila["verdad"]["origen"]
        and "duplicado_casi" not in fila["verdad"]["problemas"]
        and _deshacer(fila, piezas) != ampliado[fila["verdad"]["origen"]]["texto"]
    ]
    assert not malas


def test_el_mojibake_y_el_nfd_se_ven(sucio):
    for fila in sucio:
        problemas, texto = fila["verdad"]["problemas"], fila["texto"]
        vueltas = len(fila["verdad"]["codificacion"])
        assert vueltas == ("mojibake" in problemas) + 2 * (
            "mojibake_doble" in problemas
        )
        assert bool(re.search("Ã[\u0080-\u00bfƒ]", texto)) == bool(vueltas), fila["id"]
        assert unicodedata.is_normalized("NFC", texto) == ("nfd" not in problemas)


def test_romper_se_deshace():
    for vueltas in (1, 2, 3):
        for n in range(20):
            roto, usadas = romper("¿Ñandú? «Sí, ÁÍÓ»…", vueltas, Azar("r", vueltas, n))
            assert len(usadas) == vueltas
            for codificacion in reversed(usadas):
                roto = roto.encode(codificacion).decode()
            assert roto == "¿Ñandú? «Sí, ÁÍÓ»…"


def test_los_datos_personales_estan_donde_dice_y_no_son_de_nadie(sucio):
    for fila in sucio:
        verdad, texto = fila["verdad"], fila["texto"]
        for dato in verdad["datos_personales"] + verdad["senuelos"]:
            assert texto[dato["inicio"] : dato["fin"]] == dato["texto"], fila["id"]
            assert texto.count(dato["texto"]) == 1, fila["id"]
        for dato in verdad["datos_personales"]:
            assert _no_es_de_nadie(dato["tipo"], dato["texto"]), dato
        hay = bool(verdad["datos_personales"])
        assert hay == ("datos_personales" in verdad["problemas"])


def test_no_hay_ningun_dato_personal_sin_declarar(sucio):
    faltas = []
    for fila in sucio:
        verdad = fila["verdad"]
        tapado = list(fila["texto"])
        for dato in verdad["datos_personales"] + verdad["senuelos"]:
            tapado[dato["inicio"] : dato["fin"]] = "*" * len(dato["texto"])
        for hallazgo in PERSONALES.finditer("".join(tapado)):
            if len(_cifras(hallazgo[0])) >= 7 or "@" in hallazgo[0]:
                faltas.append(f"{fila['id']}: {hallazgo[0]}")
    assert not faltas, "\n".join(faltas)


def test_los_duplicados_son_lo_que_dicen(sucio, ampliado):
    por_id = {fila["id"]: fila for fila in sucio}
    similitudes = []
    for fila in sucio:
        verdad = fila["verdad"]
        clases = [p for p in verdad["problemas"] if p.startswith("duplicado")]
        assert len(clases) == (verdad["duplicado_de"] is not None)
        if not clases:
            continue
        de = por_id[verdad["duplicado_de"]]
        assert de["verdad"]["duplicado_de"] is None
        assert de["verdad"]["origen"] == verdad["origen"]
        iguales = de["texto"] == fila["texto"]
        assert iguales == (clases == ["duplicado_exacto"]), fila["id"]
        if clases == ["duplicado_casi"]:
            original = ampliado[verdad["origen"]]["texto"]
            similitudes.append(jaccard(tejas(original), tejas(fila["texto"])))
            assert verdad["cambios"]
    # La curva del umbral necesita casos fáciles y difíciles.
    assert min(similitudes) > 0.3
    assert sum(s < 0.7 for s in similitudes) >= 5
    assert sum(s > 0.9 for s in similitudes) >= 5
    textos = Counter(fila["texto"] for fila in sucio)
    exactos = len(con(sucio, "duplicado_exacto"))
    assert sum(n - 1 for n in textos.values()) == exactos


def test_un_casi_duplicado_nunca_es_igual(ampliado, piezas):
    for fila in ampliado.values():
        nuevo, cambios = casi_igual(
            fila["texto"], piezas["sinonimos"], Azar("casi", fila["id"])
        )
        assert nuevo != fila["texto"] and cambios
        assert len(nuevo.split()) > 0.3 * len(fila["texto"].split())


def test_la_licencia_dice_si_se_puede_usar(sucio, piezas):
    for fila in sucio:
        mala = fila["licencia"] in piezas["licencias"]["no_permitidas"]
        assert mala == ("licencia" in fila["verdad"]["problemas"])
        assert mala or fila["licencia"] in piezas["licencias"]["permitidas"]


def test_los_otros_idiomas_no_tienen_origen(sucio):
    for fila in sucio:
        verdad = fila["verdad"]
        ajena = {"otro_idioma", "baja_calidad"} & set(verdad["problemas"])
        assert (verdad["origen"] is None) == bool(ajena)
        assert (verdad["idioma"] != "es") == ("otro_idioma" in ajena)


@pytest.mark.parametrize("nombre", ["corpus_co", "corpus_co_sucio", "registros"])
def test_se_cargan_como_datasets(nombre):
    partes = cargar_datos(nombre)
    assert set(partes) == (
        {"todo"} if nombre == "corpus_co_sucio" else {"entrenamiento", "prueba"}
    )
    assert all(len(datos) > 20 for datos in partes.values())


def test_la_ficha_y_sus_cifras_estan_al_dia():
    from herramientas.datos import contar_corpus_co as programa

    cifras = programa.contar()
    aviso = "Corre: python -m herramientas.datos.contar_corpus_co"
    assert json.loads(programa.CIFRAS.read_text(encoding="utf-8")) == cifras, aviso
    assert programa.tabla(cifras) in programa.FICHA.read_text(encoding="utf-8"), aviso
