"""Las carpetas de datos se abren sin red y su ficha dice lo que hay.

Las dos más pesadas de armar, `tratamientos` y `variedades`, comparten una sola corrida.
"""

import json
import re
import sys

import pytest
import yaml

from herramientas import tareas
from herramientas.archivos import RAIZ
from herramientas.datos import publicar_datos as programa


@pytest.fixture(scope="module")
def corrida(tmp_path_factory):
    """Todo lo que escribe la orden, y lo que dice."""
    salida = tmp_path_factory.mktemp("datos")
    dicho = []
    with pytest.MonkeyPatch.context() as parche:
        parche.setattr("builtins.print", lambda *x, **_: dicho.append(" ".join(x)))
        programa.main(["--salida", str(salida)])
    return salida, "\n".join(dicho)


@pytest.fixture(params=programa.PUBLICADOS)
def carpeta(corrida, request):
    return corrida[0] / request.param


def _ficha(carpeta):
    texto = (carpeta / "README.md").read_text(encoding="utf-8")
    _, cabecera, cuerpo = texto.split("---\n", 2)
    return yaml.safe_load(cabecera), cuerpo


def test_hay_una_carpeta_por_conjunto_y_nada_mas(corrida):
    salida, _ = corrida
    assert {r.name for r in salida.iterdir()} == {
        "variedades",
        "tratamientos",
        "finanzas",
        "corpus_co",
    }


def test_la_cabecera_nombra_cada_archivo_y_ninguno_de_mas(carpeta):
    cabecera, _ = _ficha(carpeta)
    nombrados = {
        archivo["path"]
        for config in cabecera["configs"]
        for archivo in config["data_files"]
    }
    hay = {
        str(r.relative_to(carpeta).as_posix())
        for r in carpeta.rglob("*")
        if r.is_file() and r.name != "README.md"
    }
    assert nombrados == hay and all(r.endswith(".parquet") for r in hay)
    assert "expert-generated" not in cabecera["annotations_creators"]
    assert cabecera["license"] == "cc-by-4.0" and "es" in cabecera["language"]
    assert sum(bool(c.get("default")) for c in cabecera["configs"]) == 1


def test_la_ficha_dice_autores_revision_cita_y_tamanos(carpeta):
    cabecera, cuerpo = _ficha(carpeta)
    assert "## Quién lo escribió y quién lo revisó" in cuerpo
    assert "modelo de lenguaje" in cuerpo and "un solo lector" in cuerpo
    assert "```bibtex" in cuerpo and "CC BY 4.0" in cuerpo
    assert cabecera["pretty_name"] in cuerpo
    for config in cabecera["configs"]:
        for archivo in config["data_files"]:
            renglon = rf"\| `{config['config_name']}` \| `{archivo['split']}` \| \d+ \|"
            assert re.search(renglon, cuerpo), renglon


def test_la_ficha_no_trae_marcas_del_sitio_ni_enlaces_sueltos(carpeta):
    _, cuerpo = _ficha(carpeta)
    assert not re.search(r"<!--|^\(.*\)=$|^```\{|cargar_datos\(", cuerpo, re.M)
    enlaces = re.findall(r"\]\(([^)]+)\)", cuerpo)
    assert all(re.match(r"https?://", e) for e in enlaces), enlaces
    assert str(RAIZ) not in cuerpo


def test_lo_publicado_es_lo_del_curso(corrida):
    """Se abre otra vez, sin red, y se compara fila por fila."""
    from datasets import load_dataset

    salida, _ = corrida
    for nombre, config, parte in (
        ("finanzas", "preguntas", "validacion"),
        ("corpus_co", "corpus_co", "voces"),
        ("variedades", "variedades", "portugues"),
    ):
        construir = programa.PUBLICADOS[nombre].configuraciones[config]
        esperadas = construir()[parte]
        columna = programa.NOMBRES.get(parte, parte)
        ruta = salida / nombre / "data" / config / f"{columna}.parquet"
        datos = load_dataset("parquet", data_files=str(ruta), split="train")
        # Un campo que solo traen otras particiones queda sin valor.
        vacia = dict.fromkeys(datos.column_names)
        assert datos.to_list() == [vacia | fila for fila in esperadas]


def test_las_voces_van_aparte():
    partes = programa.corpus_co_publicado()
    ids = [f["id"] for filas in partes.values() for f in filas]
    assert len(ids) == len(set(ids))
    assert {f["voz"] for f in partes["voces"]} == {"ciudad", "joven", "migrante"}


def test_un_campo_vacio_en_una_particion_conserva_su_tipo():
    partes = {"a": [{"id": "1", "fecha": None}], "b": [{"id": "2", "fecha": "ayer"}]}
    tablas = programa.tablas(partes)
    assert tablas["a"].features == tablas["b"].features
    assert tablas["a"].features["fecha"].dtype == "string"


def test_un_campo_que_falta_en_una_particion_queda_vacio():
    tablas = programa.tablas({"a": [{"id": "1"}], "b": [{"id": "2", "nota": "x"}]})
    assert tablas["a"].to_list() == [{"id": "1", "nota": None}]


def test_dice_si_lo_leido_no_es_lo_escrito(tmp_path, monkeypatch):
    monkeypatch.setattr(programa, "abrir_aparte", lambda *_: {"variedades": {}})
    with pytest.raises(SystemExit, match=r"variedades: se escribió .* y se lee"):
        programa.preparar("variedades", tmp_path)


@pytest.fixture
def sin_abrir(monkeypatch):
    """Un conjunto de una fila, que no se abre en otro proceso."""
    una_fila = {"a": lambda: {"prueba": [{"x": 1}]}}
    chico = programa.Conjunto("Finanzas: uno", una_fila, (), ())
    monkeypatch.setitem(programa.PUBLICADOS, "finanzas", chico)
    monkeypatch.setattr(programa, "abrir_aparte", lambda *_: {"a": {"test": 1}})


def poner(ruta, texto):
    ruta.parent.mkdir(parents=True, exist_ok=True)
    ruta.write_text(texto, encoding="utf-8")


@pytest.mark.parametrize(
    "ajeno",
    [
        "finanzas/mis_cuentas.xlsx",
        "finanzas/README.md",
        "finanzas",
        "finanzas.anterior/mis_cuentas.xlsx",
    ],
)
def test_no_toca_una_carpeta_que_no_hizo(tmp_path, sin_abrir, ajeno):
    """Ni la que lleva el nombre del conjunto ni el caché de quien da su carpeta."""
    poner(tmp_path / ajeno, "---\npretty_name: 'Finanzas: las mías'\n---\n")
    poner(tmp_path / ".cache" / "modelos", "pesos")
    antes = {r: r.is_file() and r.read_bytes() for r in tmp_path.rglob("*")}
    with pytest.raises(SystemExit, match=r"no la hizo este programa: .* --salida"):
        programa.preparar("finanzas", tmp_path)
    assert {r: r.is_file() and r.read_bytes() for r in tmp_path.rglob("*")} == antes


def test_reemplaza_la_suya_y_nada_mas(tmp_path, sin_abrir):
    poner(tmp_path / ".cache" / "modelos", "pesos")
    programa.preparar("finanzas", tmp_path)
    viejo = tmp_path / "finanzas" / "data" / "b" / "train.parquet"
    poner(viejo, "de otra vez")
    programa.preparar("finanzas", tmp_path)
    assert not viejo.exists()
    assert sorted(r.name for r in tmp_path.iterdir()) == [".cache", "finanzas"]
    assert (tmp_path / ".cache" / "modelos").read_text("utf-8") == "pesos"
    # Si alguien guardó algo dentro, ya no es solo lo que se genera.
    poner(tmp_path / "finanzas" / "notas.txt", "mías")
    with pytest.raises(SystemExit, match="no la hizo"):
        programa.preparar("finanzas", tmp_path)


def test_si_no_se_puede_abrir_queda_la_que_habia(tmp_path, sin_abrir, monkeypatch):
    programa.preparar("finanzas", tmp_path)
    antes = (tmp_path / "finanzas" / "README.md").read_bytes()
    monkeypatch.setattr(programa, "abrir_aparte", lambda *_: {})
    with pytest.raises(SystemExit, match="se escribió"):
        programa.preparar("finanzas", tmp_path)
    assert (tmp_path / "finanzas" / "README.md").read_bytes() == antes
    assert [r.name for r in tmp_path.iterdir()] == ["finanzas"]


def test_una_carpeta_que_no_se_abre_se_explica(tmp_path):
    (tmp_path / "README.md").write_text("---\nconfigs: []\n---\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="No se pudo abrir"):
        programa.abrir_aparte(tmp_path, ["x"], tmp_path / ".cache")


def test_abre_en_otro_proceso_y_sin_red(tmp_path, monkeypatch):
    vistas = {}

    def correr(orden, env, **_):
        vistas.update(orden=orden, env=env)
        return type("Hecho", (), {"returncode": 0, "stdout": json.dumps({})})

    monkeypatch.setattr(programa.subprocess, "run", correr)
    assert programa.abrir_aparte(tmp_path, ["a"], tmp_path / "c") == {}
    assert vistas["orden"][0] == sys.executable
    assert {"HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HOME"} <= set(vistas["env"])


def test_no_sube_nada_y_dice_como(corrida):
    salida, dicho = corrida
    assert "No se subió nada" in dicho and "hf auth login" in dicho
    for nombre in programa.PUBLICADOS:
        assert re.search(rf"hf upload ORGANIZACION/{nombre} \S+ \. ", dicho)
    codigo = (RAIZ / "herramientas/datos/publicar_datos.py").read_text("utf-8")
    assert not re.search(r"huggingface_hub|requests|urllib|push_to_hub", codigo)


def test_pide_un_conjunto_que_se_publica(capsys):
    with pytest.raises(SystemExit):
        programa.main(["noticias"])
    assert "no se publica «noticias»" in capsys.readouterr().err


def test_es_una_tarea():
    assert "publicar-datos" in tareas.TAREAS
    assert "publicar-datos" in (RAIZ / "Makefile").read_text(encoding="utf-8")
