"""«Tu dominio»: carpetas malas, los ejercicios y la plantilla en otra disciplina."""

import ast
import hashlib
import json
import re
import unicodedata
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from respuestas import pruebas_de

from herramientas.medidas.celdas import Leccion
from taller.conjuntos.propio import (
    MINIMO,
    PARTICIONES,
    consigna_lista,
    exigir_que_quepan,
    leer_carpeta,
    nombre_listo,
    sencillo,
)
from taller.errores import ErrorDelTaller
from taller.recursos import DATOS

EJEMPLO = DATOS / "ejemplo_educacion"
CAMBIA, PRUEBA = "dominio-cambia", "dominio-prueba"


def _filas(parte: str, cuantas: int) -> list[dict]:
    """Filas buenas, distintas en cada partición y con dos etiquetas."""
    return [
        {"texto": f"Oración {n} de {parte}.", "clase": ("corta", "larga")[n % 2]}
        for n in range(cuantas)
    ]


def _linea(fila) -> str:
    return fila if isinstance(fila, str) else json.dumps(fila, ensure_ascii=False)


@pytest.fixture
def carpeta(tmp_path):
    """Una función que escribe una carpeta buena, con lo que se cambie."""

    def escribir(**cambios):
        for parte in PARTICIONES:
            filas = cambios.get(parte, _filas(parte, MINIMO[parte]))
            if filas is None:
                continue
            texto = "\n".join(map(_linea, filas))
            (tmp_path / f"{parte}.jsonl").write_text(texto, encoding="utf-8")
        return tmp_path

    return escribir


def _leer(ruta, **opciones):
    return leer_carpeta(ruta, "texto", "clase", **opciones)


# --- La carpeta ---------------------------------------------------------------------


def test_una_carpeta_buena(carpeta):
    ruta = carpeta()
    partes = _leer(ruta)
    assert {p: len(f) for p, f in partes.items()} == MINIMO
    assert partes["prueba"][1] == {
        "entrada": "Oración 1 de prueba.",
        "salida": "larga",
        "donde": f"{ruta / 'prueba.jsonl'}, línea 2",
    }


def test_valen_otros_campos_lineas_en_blanco_y_bom(carpeta):
    filas = [f | {"fuente": "inventada"} for f in _filas("prueba", 10)]
    ruta = carpeta(prueba=["\ufeff" + _linea(filas[0]), "", "  ", *filas[1:]])
    dondes = [f["donde"].rpartition(" ")[2] for f in _leer(ruta)["prueba"]]
    assert dondes[:2] == ["1", "4"] and len(dondes) == 10


def _cambiada(parte: str, cual: int, **campos) -> dict:
    filas = _filas(parte, MINIMO[parte])
    filas[cual] = {k: v for k, v in (filas[cual] | campos).items() if v is not ...}
    return {parte: filas}


OTRA_VEZ = "¡oración   3, de ENTRENAMIENTO!"
MALAS = {
    "falta un archivo": ({"validacion": None}, r"Falta el archivo \S+validacion.jsonl"),
    "vacío": ({"prueba": ["", " "]}, r"prueba.jsonl está vacío"),
    "pocas filas": (
        {"entrenamiento": _filas("entrenamiento", 5)},
        r"entrenamiento.jsonl trae 5 filas y hacen falta 20",
    ),
    "falta un campo": (
        _cambiada("prueba", 3, clase=...),
        r"prueba.jsonl, línea 4: falta el campo «clase». Los que trae: texto",
    ),
    "texto vacío": (
        _cambiada("validacion", 2, texto="  "),
        r"validacion.jsonl, línea 3: «texto» está vacío",
    ),
    "respuesta que no es texto": (
        _cambiada("validacion", 0, clase=3),
        r"validacion.jsonl, línea 1: «clase» debe ser un texto entre comillas, y llegó "
        r"3\.$",
    ),
    "solo signos": (
        _cambiada("prueba", 9, texto="¿…?"),
        r"prueba.jsonl, línea 10: «texto» no trae ninguna letra",
    ),
    "fuga": (
        _cambiada("prueba", 5, texto=OTRA_VEZ),
        r"prueba.jsonl, línea 6: .* ya está, sin contar mayúsculas ni signos, en "
        r"\S+entrenamiento.jsonl, línea 4: «Oración 3 de entrenamiento.». Deja uno",
    ),
    "repetida": (
        _cambiada("validacion", 7, texto="Oración 1 de validacion"),
        r"validacion.jsonl, línea 8: .* ya está, .* en \S+validacion.jsonl, línea 2: ",
    ),
    "repetida igual": (
        _cambiada("validacion", 7, texto="Oración 1 de validacion."),
        r"línea 8: .* ya está en \S+validacion.jsonl, línea 2\. Deja uno solo\.$",
    ),
    "solo cambian los signos de la cuenta": (
        _cambiada("prueba", 0, texto="2 + 2") | _cambiada("validacion", 0, texto="2-2"),
        r"prueba.jsonl, línea 1: el texto «2 \+ 2» ya está, sin .*: «2-2»\.",
    ),
    "un CSV con otro nombre": (
        {"prueba": ["", "texto,clase", "Oración 1,corta"]},
        r"prueba.jsonl no parece JSONL: su primera línea es «texto,clase». .* un CSV",
    ),
    "JSON con sangría": (
        {"prueba": [json.dumps(f, indent=2) for f in _filas("prueba", 10)]},
        r"prueba.jsonl, línea 1: la fila está partida en varias líneas\..* sin indent",
    ),
    "una coma al final": (
        {"prueba": [_linea(f) + "," for f in _filas("prueba", 10)]},
        r"prueba.jsonl, línea 1: sobra la coma al final",
    ),
    "etiqueta nueva": (
        _cambiada("prueba", 1, clase="media"),
        r"prueba.jsonl, línea 2: la etiqueta «media» .* Están: corta, larga",
    ),
    "una sola etiqueta": (
        {p: [f | {"clase": "a"} for f in _filas(p, MINIMO[p])] for p in PARTICIONES},
        r"una sola etiqueta, «a»",
    ),
    "no es JSON": (
        {"prueba": [*_filas("prueba", 4), "{texto: hola}"]},
        r"prueba.jsonl, línea 5: no es JSON válido",
    ),
    "etiqueta con otra mayúscula": (
        _cambiada("entrenamiento", 4, clase="Corta "),
        r"línea 5: la etiqueta «Corta» solo cambia en mayúsculas .* «corta»\. Si son",
    ),
    "una lista": (
        {"prueba": ["[" + ",".join(map(_linea, _filas("prueba", 10))) + "]"]},
        r"prueba.jsonl es una lista de JSON: escribe una fila por línea",
    ),
    "no es un objeto": (
        {"prueba": [*_filas("prueba", 2), '["hola"]']},
        r"prueba.jsonl, línea 3: se esperaba un objeto",
    ),
}


@pytest.mark.parametrize(("cambios", "frase"), MALAS.values(), ids=MALAS)
def test_una_carpeta_mala_dice_archivo_y_linea(carpeta, cambios, frase):
    with pytest.raises(ErrorDelTaller, match=frase) as fallo:
        _leer(carpeta(**cambios))
    assert "\n" not in str(fallo.value) and "Reinstala" not in str(fallo.value)


def test_otra_codificacion(carpeta):
    ruta = carpeta()
    (ruta / "prueba.jsonl").write_bytes('{"texto": "árbol"}'.encode("latin-1"))
    with pytest.raises(ErrorDelTaller, match="prueba.jsonl, línea 1: .* UTF-8"):
        _leer(ruta)


@pytest.mark.parametrize("codigos", ["utf-16", "utf-16-le", "latin-1"])
def test_otra_codificacion_no_se_toma_por_otra_clase_de_archivo(carpeta, codigos):
    ruta = carpeta()
    (ruta / "prueba.jsonl").write_bytes('{"texto": "árbol"}'.encode(codigos))
    with pytest.raises(ErrorDelTaller, match="prueba.jsonl, línea 1: ") as fallo:
        _leer(ruta)
    assert "CSV" not in str(fallo.value)


def test_las_tildes_en_dos_piezas_se_juntan(carpeta):
    ruta = carpeta(**_cambiada("prueba", 0, texto="Cancio\u0301n", clase="corta "))
    assert _leer(ruta)["prueba"][0]["entrada"] == "Canci\u00f3n"


@pytest.mark.parametrize("pareja", [("+", "-"), ("\U0001f44d", "\U0001f44e")])
def test_una_etiqueta_puede_ser_solo_un_signo(carpeta, pareja):
    cambio = dict(zip(("corta", "larga"), pareja, strict=True))
    filas = {
        p: [f | {"clase": cambio[f["clase"]]} for f in _filas(p, MINIMO[p])]
        for p in PARTICIONES
    }
    salidas = {f["salida"] for f in _leer(carpeta(**filas))["prueba"]}
    assert salidas == set(pareja)


def test_al_reescribir_las_respuestas_pueden_ser_nuevas(carpeta):
    ruta = carpeta(**_cambiada("prueba", 1, clase="otra respuesta"))
    assert _leer(ruta, tarea="reescribir")["prueba"][1]["salida"] == "otra respuesta"


@pytest.mark.parametrize(
    "malo", ["consultas del campo", "atención", "a--b", "", "-a", "x.git"]
)
def test_un_nombre_que_el_hub_rechaza(malo):
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    with pytest.raises(HFValidationError):
        validate_repo_id(f"tu-usuario/{malo}")
    with pytest.raises(ErrorDelTaller, match="letras sin tilde"):
        nombre_listo(malo)


def test_un_nombre_bueno():
    assert nombre_listo("consultas_del.campo-2") == "consultas_del.campo-2"


def test_lo_que_se_pide_mal(carpeta, tmp_path):
    with pytest.raises(ErrorDelTaller, match="usa: clasificar, reescribir"):
        _leer(carpeta(), tarea="traducir")
    with pytest.raises(ErrorDelTaller, match="mismo campo, «texto»"):
        leer_carpeta(carpeta(), "texto", "texto")
    with pytest.raises(ErrorDelTaller, match="No existe la carpeta .*nada"):
        _leer(tmp_path / "nada")


@pytest.mark.parametrize("mala", ["Tipo:", "{} y {}", "{texto}", "{", "{0}", "{}}"])
def test_la_consigna_lleva_un_hueco(mala):
    with pytest.raises(ErrorDelTaller, match="debe llevar una vez {}"):
        consigna_lista(mala)


def test_una_consigna_buena():
    assert consigna_lista("Tipo de {{texto}}: {}") == "Tipo de {{texto}}: {}"


def test_una_fila_que_no_cabe_se_nombra(carpeta):
    partes = _leer(carpeta())
    largos = [10] * sum(MINIMO.values())
    assert exigir_que_quepan(partes, largos, 10) == 10
    largos[MINIMO["entrenamiento"]] = 11
    with pytest.raises(ErrorDelTaller, match="validacion.jsonl, línea 1: .* 11 tokens"):
        exigir_que_quepan(partes, largos, 10)


def test_el_ejemplo_es_inventado_y_esta_parejo():
    partes = leer_carpeta(EJEMPLO, "comentario", "tipo")
    assert sum(map(len, partes.values())) == 120
    for filas in partes.values():
        tipos = [f["salida"] for f in filas]
        assert len({tipos.count(t) for t in set(tipos)}) == 1 and len(set(tipos)) == 4
    for parte in PARTICIONES:
        lineas = (EJEMPLO / f"{parte}.jsonl").read_text("utf-8").splitlines()
        assert {json.loads(x)["fuente"] for x in lineas} == {"inventado"}
    assert "inventados" in (EJEMPLO / "LEEME.md").read_text("utf-8")


# --- La plantilla -------------------------------------------------------------------


def test_lo_que_se_cambia_esta_en_una_sola_celda():
    """Fuera de ella ni se asignan sus nombres ni se nombran los campos del ejemplo."""
    celdas = dict(Leccion("tu_dominio").celdas())
    propios = {
        n.id
        for n in ast.walk(ast.parse(celdas.pop(CAMBIA)))
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    assert {"CARPETA", "ENTRADA", "SALIDA", "TAREA", "MEDIDA", "BASE"} <= propios
    for ident, codigo in celdas.items():
        for nodo in ast.walk(ast.parse(codigo)):
            if isinstance(nodo, ast.Name) and isinstance(nodo.ctx, ast.Store):
                assert nodo.id not in propios, ident
            if isinstance(nodo, ast.Constant):
                assert nodo.value not in ("comentario", "tipo"), ident


@pytest.mark.parametrize("tarea", ["clasificar", "reescribir"])
def test_una_tabla_se_reparte_en_los_tres_archivos(tmp_path, monkeypatch, tarea):
    """Con lo que guarda Excel: marca al comienzo, «;», huecos, comas y repetidas."""
    monkeypatch.chdir(tmp_path)
    filas = [f"Oración {n}, y ya.;{('corta', 'larga')[n % 2]};x" for n in range(60)]
    filas += ["ORACIÓN 3 y ya;larga;x", "Sin clase;;x"]
    texto = "\n".join(["texto;clase;otra", *filas])
    (tmp_path / "mis_filas.csv").write_text(texto, encoding="utf-8-sig")
    codigo = dict(Leccion("tu_dominio").celdas())["dominio-csv"]
    vacia = 'mi_tabla, separa = "", ","'
    assert codigo.count(vacia) == 1
    espacio = {
        "ENTRADA": "texto", "SALIDA": "clase", "TAREA": tarea, "Path": Path,
        "ErrorDelTaller": ErrorDelTaller,
    }  # fmt: skip
    exec(codigo, espacio)
    assert not (tmp_path / "mis_datos").exists()
    with pytest.raises(ErrorDelTaller, match="Las columnas son: .*separa"):
        exec(codigo.replace(vacia, 'mi_tabla, separa = "mis_filas.csv", ","'), espacio)
    exec(codigo.replace(vacia, 'mi_tabla, separa = "mis_filas.csv", ";"'), espacio)
    partes = _leer("mis_datos", tarea=tarea)
    assert {p: len(f) for p, f in partes.items()} == dict(
        zip(PARTICIONES, (36, 12, 12), strict=True)
    )
    if tarea == "clasificar":
        assert all(
            {f["salida"] for f in filas} == {"corta", "larga"}
            for filas in partes.values()
        )


def test_la_consigna_puede_ser_el_rival():
    """Si una base grande ya lo hace bien, se compara con ella y no con algo peor."""
    celdas = dict(Leccion("tu_dominio").celdas())
    arrays = {"frecuente": 0.2, "TF-IDF": 0.5, "consigna": 0.9}
    espacio = {
        "MANERAS": dict.fromkeys(["frecuente", "TF-IDF"]),
        "dichos": {n: n for n in arrays},
        "valida": [0, 1],
        "puntuar": lambda dicho, filas: np.full(len(filas), arrays[dicho]),
        "banda": lambda puntos: (puntos.mean(),) * 3,
    }
    exec(celdas["dominio-tabla-barata"], espacio)
    assert espacio["rival"] == "consigna"


def test_la_prueba_no_se_abre_antes_de_su_celda():
    celdas = Leccion("tu_dominio").celdas()
    orden = [ident for ident, _ in celdas]
    abren = [i for i, codigo in celdas if 'partes["prueba"]' in codigo]
    assert abren == [PRUEBA]
    for anterior in ("dominio-tabla", "dominio-errores", "dominio-correr"):
        assert orden.index(anterior) < orden.index(PRUEBA)


VERBOS = {
    "tomar": "Toma", "guardar": "Guarda", "mostrar": "Muestra", "revisar": "Revisa",
    "llevar": "Lleva", "pedir": "Pide", "anotar": "Anota", "traer": "Trae",
}  # fmt: skip
COSAS = (
    "la receta", "el agua", "la pastilla", "la hora", "el jarabe", "la cita",
    "el carné", "la orden",
)  # fmt: skip


def _indicaciones():
    """64 indicaciones inventadas de un consultorio, y su versión sencilla."""
    for (verbo, orden), cosa in product(VERBOS.items(), COSAS):
        yield {
            "indicacion": f"Se solicita {verbo} {cosa}.",
            "facil": f"{orden} {cosa}.",
        }


@pytest.fixture(scope="module")
def otra(tmp_path_factory):
    """Lo que deja la plantilla en otra disciplina, con otra tarea y otros campos."""
    ruta = tmp_path_factory.mktemp("consultorio")
    filas = sorted(_indicaciones(), key=lambda f: hashlib.md5(str(f).encode()).digest())
    for parte, desde, hasta in (
        ("entrenamiento", 0, 40),
        ("validacion", 40, 52),
        ("prueba", 52, 64),
    ):
        texto = "\n".join(map(_linea, filas[desde:hasta]))
        (ruta / f"{parte}.jsonl").write_text(texto, encoding="utf-8")
    cambios = {
        "CARPETA": repr(str(ruta)),
        "ENTRADA, SALIDA": '"indicacion", "facil"',
        "TAREA": '"reescribir"',
        "CONSIGNA": '"Dilo fácil: {}"',
        "MEDIDA": '"parecido"',
        "NOMBRE": '"indicaciones-faciles"',
    }
    espacio = {"__name__": "leccion"}
    with pytest.MonkeyPatch.context() as parche:
        parche.chdir(tmp_path_factory.mktemp("cuaderno"))  # ahí queda el adaptador
        parche.setenv("TALLER_PERFIL", "semilla")
        parche.setenv("TALLER_ESTATICO", "1")
        parche.setenv("MPLBACKEND", "agg")
        for ident, codigo in Leccion("tu_dominio").celdas():
            if ident == CAMBIA:
                for nombre, valor in cambios.items():
                    codigo, veces = re.subn(
                        rf"(?m)^{nombre} = .*$", f"{nombre} = {valor}", codigo
                    )
                    assert veces == 1, nombre
            if ident == "dominio-config":
                codigo += "\nopciones['num_train_epochs'] = 2"
            exec(compile(codigo, ident, "exec", dont_inherit=True), espacio)
        espacio["destino"] = espacio["destino"].resolve()
    return espacio


@pytest.mark.lento
def test_la_plantilla_sirve_para_otra_disciplina(otra):
    assert set(otra["puntos"]) == {"consigna", otra["rival"], "QLoRA"}
    assert all(len(p) == 12 for p in otra["puntos"].values())
    assert 0 < otra["puntos"]["QLoRA"].mean() <= 1
    assert otra["gana"] + otra["pierde"] <= 12
    perdidas = [p for _, p in otra["curva"]]
    assert perdidas[-1] < perdidas[0]


@pytest.mark.lento
def test_la_ficha_dice_lo_medido_y_nada_mas(otra):
    from huggingface_hub import ModelCard

    ficha = ModelCard.load(otra["destino"] / "README.md")
    assert ficha.data.model_name == "indicaciones-faciles"
    (resultado,) = ficha.data.eval_results
    assert resultado.metric_value == round(float(otra["puntos"]["QLoRA"].mean()), 4)
    medidas = [*otra["puntos"].values(), otra["antes"], otra["despues"]]
    dichas = {otra["pct"](x) for puntos in medidas for x in otra["banda"](puntos)}
    escritas = re.findall(r"\d+,\d %", ficha.text)
    assert len(escritas) == 15 and set(escritas) <= dichas
    assert "# indicaciones-faciles" in ficha.text and "Sin medir." in ficha.text
    # nada de lo que contamos del ejemplo pasa a los datos de otra persona
    assert "Sin escribir." in ficha.text and "inventados" not in ficha.text
    assert "veces que se abrió: 1" in ficha.text and "probadas: 1." in ficha.text
    assert otra["destino"].parts[-2:] == ("mi_adaptador", "indicaciones-faciles")
    assert otra["veredicto"] in ficha.text


@pytest.mark.lento
def test_el_adaptador_es_el_de_la_ficha_y_no_lleva_rutas(otra):
    destino = otra["destino"]
    pesos = (destino / "adapter_model.safetensors").read_bytes()
    ficha = (destino / "README.md").read_text("utf-8")
    assert hashlib.sha256(pesos).hexdigest()[:16] in ficha
    assert otra["DATOS_HUELLA"][:16] in ficha
    config = json.loads((destino / "adapter_config.json").read_text("utf-8"))
    assert config["base_model_name_or_path"] == "semilla"
    assert {r.name for r in destino.iterdir()} == {
        "README.md", "adapter_config.json", "adapter_model.safetensors",
    }  # fmt: skip
    assert otra["repositorio_mio"] == ""


# --- Los ejercicios -----------------------------------------------------------------


def _palabras(texto):
    return re.findall(r"\w+", texto.lower())


def _sin_tildes(texto):
    letras = unicodedata.normalize("NFD", sencillo(texto))
    return "".join(c for c in letras if unicodedata.category(c) != "Mn")


def _con(igualar):
    """Las posiciones cuyo texto igualado está entre los igualados."""

    def fugas(entrenamiento, prueba):
        vistos = [igualar(t) for t in entrenamiento]
        return [i for i, t in enumerate(prueba) if igualar(t) in vistos]

    return fugas


def _si(coinciden):
    def fugas(entrenamiento, prueba):
        return [
            i
            for i, p in enumerate(prueba)
            if any(coinciden(sencillo(e), sencillo(p)) for e in entrenamiento)
        ]

    return fugas


def _translate(entrenamiento, prueba):
    tabla = dict.fromkeys(map(ord, ".,;:¿?¡!"), " ")
    vistos = {" ".join(t.lower().translate(tabla).split()) for t in entrenamiento}
    dichas = [" ".join(t.lower().translate(tabla).split()) for t in prueba]
    return [i for i, t in enumerate(dichas) if t in vistos]


BIEN = _con(sencillo)
FUGAS, RESPALDO = "dominio-fugas", "dominio-respaldo"


def _escritos(ficha):
    return re.findall(r"\d+,\d %", ficha)


def _escribir(medida):
    return f"{100 * medida:.1f} %".replace(".", ",")


def _respaldo(escribir):
    def sin_respaldo(ficha, medidas):
        dichas = {escribir(m) for m in medidas}
        return [e for e in _escritos(ficha) if e not in dichas]

    return sin_respaldo


def _contando(ficha, medidas):
    faltan = []
    for escrito in _escritos(ficha):
        valor = round(float(escrito[:-2].replace(",", ".")), 1)
        if not any(round(100 * m, 1) == valor for m in medidas):
            faltan.append(escrito)
    return faltan


def _con_iteradores(ficha, medidas):
    dichas = list(map(_escribir, medidas))
    return [m[0] for m in re.finditer(r"\d{1,3},\d %", ficha) if m[0] not in dichas]


JUSTA = _respaldo(_escribir)

BUENAS = {
    FUGAS: [BIEN, _con(_palabras), _translate],
    RESPALDO: [JUSTA, _contando, _con_iteradores],
}
ERRORES = [
    (FUGAS, _con(str), "cambian solo las mayúsculas"),
    (FUGAS, _con(str.lower), "cambian solo los signos"),
    (FUGAS, _con(lambda t: re.sub(r"[^\w\s]", "", t.lower())), "solo los espacios"),
    (
        FUGAS,
        _con(lambda t: " ".join(t.lower().strip(" .¿?").split())),
        "signos de en medio",
    ),
    (FUGAS, _con(_sin_tildes), "la tilde sí cuenta"),
    (FUGAS, _si(lambda e, p: p in e), "es solo un trozo"),
    (FUGAS, _si(lambda e, p: e in p), "contiene otro texto"),
    (FUGAS, _con(lambda t: "".join(_palabras(t))), "sin espacios"),
    (FUGAS, _con(lambda t: frozenset(_palabras(t))), "en otro orden"),
    (FUGAS, _con(lambda t: sorted(_palabras(t))), "en otro orden"),
    (FUGAS, _con(lambda t: list(dict.fromkeys(_palabras(t)))), "va dos veces"),
    (FUGAS, lambda e, p: [p[i] for i in BIEN(e, p)], "no los textos"),
    (FUGAS, lambda e, p: [i + 1 for i in BIEN(e, p)], "empiezan en 0"),
    (FUGAS, lambda e, p: BIEN(e, p)[::-1], "van en orden"),
    (FUGAS, lambda e, p: BIEN(e, p)[:1], "van las dos"),
    (FUGAS, lambda e, p: set(BIEN(e, p)), "una lista"),
    (FUGAS, lambda e, p: [t in e for t in p], "es una posición"),
    (RESPALDO, _respaldo(str), "85,7 % es 24 de 28"),
    (RESPALDO, _respaldo(lambda m: f"{100 * m:.1f} %"), "85,7 % es 24 de 28"),
    (RESPALDO, _respaldo(lambda m: f"{m:.1f} %".replace(".", ",")), "es 24 de 28"),
    (
        RESPALDO,
        _respaldo(lambda m: f"{int(1000 * m) / 10:.1f} %".replace(".", ",")),
        "se redondea a un decimal",
    ),
    (RESPALDO, lambda f, m: [], "nadie midió eso"),
    (RESPALDO, lambda f, m: list(dict.fromkeys(JUSTA(f, m))), "con repetidas"),
    (RESPALDO, lambda f, m: JUSTA(f, m)[::-1], "en el orden de la ficha"),
    (RESPALDO, lambda f, m: [e[:-2] for e in JUSTA(f, m)], "va entero, con su"),
    (
        RESPALDO,
        lambda f, m: [float(e[:-2].replace(",", ".")) for e in JUSTA(f, m)],
        "como están escritos",
    ),
    (RESPALDO, lambda f, m: set(JUSTA(f, m)), "una lista"),
    (
        RESPALDO,
        lambda f, m: [
            e for e in _escritos(f) if not any(_escribir(x).endswith(e) for x in m)
        ],
        "no es el final",
    ),
    (
        RESPALDO,
        lambda f, m: [
            e
            for e in re.findall(r"\d+(?:,\d+)?(?: %)?", f)
            if e not in set(map(_escribir, m))
        ],
        "solo cuentan los porcentajes",
    ),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
