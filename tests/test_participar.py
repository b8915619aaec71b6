"""Lo que lee quien participa: que los formularios valgan y las recetas no mientan."""

import importlib.util
import re
import shlex

import pytest
import yaml

from herramientas import tareas
from herramientas.archivos import RAIZ

FORMULARIOS = sorted((RAIZ / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
GUIA = (RAIZ / "CONTRIBUTING.md").read_text("utf-8")
# Dónde buscar una ruta que la guía nombra a medias: «`_ext/`», dentro de book.
CARPETAS = [RAIZ, *(RAIZ / c for c in ("book", "taller", "tests"))]
CARPETAS.append(RAIZ / "taller" / "recursos" / "lm_eval" / "variedades")
DE_EJEMPLO = {"taller/ejercicios/e17.py"}


# --- Los formularios ----------------------------------------------------------------


@pytest.mark.parametrize("ruta", FORMULARIOS, ids=lambda r: r.stem)
def test_el_formulario_tiene_la_forma_de_github(ruta):
    datos = yaml.safe_load(ruta.read_text("utf-8"))
    assert set(datos) <= {"name", "description", "title", "body"}
    assert datos["name"] and len(datos["description"]) > 10
    ids, etiquetas = [], []
    for campo in datos["body"]:
        assert set(campo) <= {"type", "id", "attributes", "validations"}
        atributos = campo["attributes"]
        if campo["type"] == "markdown":
            assert atributos["value"].strip()
            continue
        assert campo["type"] in {"input", "textarea", "dropdown"}
        assert re.fullmatch(r"[a-z-]+", campo["id"])
        ids.append(campo["id"])
        etiquetas.append(atributos["label"])
        textos = [v for k, v in atributos.items() if k != "options"]
        assert all(isinstance(v, str) and v.strip() for v in textos)
        if campo["type"] == "dropdown":
            opciones = atributos["options"]
            assert all(isinstance(o, str) for o in opciones), (
                "«No» sin comillas es falso"
            )
            assert len(set(opciones)) == len(opciones) > 1
    assert len(set(ids)) == len(ids) and len(set(etiquetas)) == len(etiquetas) > 1


def test_hay_cuatro_y_los_de_error_piden_las_versiones():
    nombres = {r.stem for r in FORMULARIOS}
    assert nombres == {"error-en-leccion", "error-al-instalar", "idea", "resultado"}
    pagina = (RAIZ / "book" / "como_usar.md").read_text("utf-8")
    for ruta in FORMULARIOS:
        if not ruta.stem.startswith("error"):
            continue
        campos = yaml.safe_load(ruta.read_text("utf-8"))["body"]
        (versiones,) = [c for c in campos if c.get("id") == "versiones"]
        dicho = versiones["attributes"]["description"]
        assert "python -m taller.versiones" in dicho
        assert "«Cómo usar el curso», en «Si no lo puedes resolver»" in dicho
    assert "### Si no lo puedes resolver" in pagina


def test_el_enlace_de_las_paginas_abre_un_aviso_en_blanco():
    """«Avisar de un error» lleva título y cuerpo, que un formulario no acepta."""
    ruta = RAIZ / ".github" / "ISSUE_TEMPLATE" / "config.yml"
    assert yaml.safe_load(ruta.read_text("utf-8")) == {"blank_issues_enabled": True}


# --- pre-commit ---------------------------------------------------------------------


def test_los_ganchos_son_locales_y_lo_que_llaman_existe():
    datos = yaml.safe_load((RAIZ / ".pre-commit-config.yaml").read_text("utf-8"))
    (repo,) = datos["repos"]
    assert repo["repo"] == "local" and len(repo["hooks"]) == 3
    for gancho in repo["hooks"]:
        assert gancho["language"] == "system" and gancho["name"]
        python, opcion, modulo, *resto = shlex.split(gancho["entry"])
        assert (python, opcion) == ("python", "-m")
        assert importlib.util.find_spec(modulo), modulo
        for argumento in resto:
            if argumento.startswith("tests/"):
                assert (RAIZ / argumento).is_file(), argumento


def test_los_ganchos_miran_cuadernos_e_indices():
    datos = yaml.safe_load((RAIZ / ".pre-commit-config.yaml").read_text("utf-8"))
    (reglas,) = [g for g in datos["repos"][0]["hooks"] if "files" in g]
    for si in ("notebooks/01_x.ipynb", "_toc.yml", "README.md", "book/index.md"):
        assert re.search(reglas["files"], si), si
    for no in ("taller/perfil.py", "CHANGELOG.md", "book/_ext/sitio.py"):
        assert not re.search(reglas["files"], no), no


# --- CONTRIBUTING y CODE_OF_CONDUCT -------------------------------------------------


def _citados():
    return re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```$", "", GUIA))


def test_es_corta():
    assert len(GUIA.splitlines()) <= 120
    assert max(map(len, GUIA.splitlines())) <= 88


def test_lo_que_nombra_existe():
    rutas = {c for c in _citados() if re.fullmatch(r"[\w-]*[./][\w./-]+", c)}
    rutas -= DE_EJEMPLO
    assert len(rutas) > 12
    for ruta in rutas:
        assert any((carpeta / ruta).exists() for carpeta in CARPETAS), ruta


def test_los_enlaces_llevan_a_algo():
    for texto in (GUIA, (RAIZ / "CODE_OF_CONDUCT.md").read_text("utf-8")):
        for destino in re.findall(r"\]\((?!\.\./\.\./issues)([^)]+)\)", texto):
            assert (RAIZ / destino).exists(), destino


def test_las_tareas_y_los_programas_existen():
    assert set(re.findall(r"\bmake ([a-z-]+)", GUIA)) <= set(tareas.TAREAS)
    modulos = set(re.findall(r"python -m ([\w.]+)", GUIA)) - {"pytest"}
    assert modulos
    for modulo in modulos:
        assert importlib.util.find_spec(modulo), modulo


def test_no_inventa_direcciones_de_correo():
    for nombre in ("CONTRIBUTING.md", "CODE_OF_CONDUCT.md"):
        assert "@" not in (RAIZ / nombre).read_text("utf-8")
