"""Publicar: cada desacuerdo se encuentra, se dice qué hacer y no se cambia nada."""

import re
import shutil
import subprocess
import sys
from datetime import date

import pytest
from minimo import celda, cuaderno_bueno

from herramientas import publicar
from herramientas.archivos import RAIZ
from herramientas.cuadernos import huellas
from herramientas.cuadernos.leer import celda_instalar, guardar, leer, proyecto
from herramientas.medidas import estudios

PYPROJECT = """\
[project]
name = "taller"
version = "1.2.0"
dependencies = ["torch>=2.6"]
[project.optional-dependencies]
todo = ["ruff>=0.12"]
[project.urls]
Repositorio = "https://github.com/otra-cuenta/otro-curso"
Sitio = "https://otra-cuenta.github.io/otro-curso/"
"""
CITA = """\
version: 1.2.0
date-released: 2026-11-23
repository-code: "https://github.com/otra-cuenta/otro-curso"
url: "https://otra-cuenta.github.io/otro-curso/"
"""
ARCHIVOS = {
    "pyproject.toml": PYPROJECT,
    "CITATION.cff": CITA,
    "CHANGELOG.md": "# Cambios\n\n## 1.2.0 (2026-11-23)\n\n- Algo.\n\n## 1.1.0\n",
    "README.md": "Abre el [sitio](https://otra-cuenta.github.io/otro-curso/).\n",
    "LICENSE-CONTENIDO": "De https://github.com/otra-cuenta/otro-curso, CC BY 4.0.\n",
    "taller/recursos/lm_eval/variedades/README.md": "Pares mínimos.\n",
    "requisitos.lock": "# Exactas.\ntorch==2.13.0\nruff==0.12.1\n",
    "taller/__init__.py": "x = 1\n",
    publicar.VALORES: "singleuser:\n  image:\n    tag: 1.2.0\n",
}


def git(raiz, *orden):
    autor = ["-c", "user.name=x", "-c", "user.email=x@y.z"]
    subprocess.run(["git", *autor, *orden], cwd=raiz, check=True, capture_output=True)


@pytest.fixture
def raiz(tmp_path):
    """Un curso de juguete, entero, con un cuaderno al día y todo guardado en git."""
    raiz = tmp_path / "curso"
    for nombre, texto in ARCHIVOS.items():
        (raiz / nombre).parent.mkdir(parents=True, exist_ok=True)
        (raiz / nombre).write_text(texto, "utf-8")
    cuaderno = cuaderno_bueno()
    celda(cuaderno, "01-instalar").source = celda_instalar(*proyecto(raiz))
    cuaderno.metadata["taller"] = {"huella": huellas.calcular(cuaderno, [], {})}
    guardar(cuaderno, raiz / "notebooks" / "01_prueba.ipynb")
    git(raiz, "init", "-q", "-b", "main")
    git(raiz, "add", ".")
    git(raiz, "commit", "-q", "-m", "Todo")
    return raiz


@pytest.fixture
def listo(raiz, monkeypatch):
    """El mismo, sin lo que solo el curso entero puede comprobar."""
    for nombre in ("sellos de los estudios", "nada falta"):
        monkeypatch.setitem(publicar.REVISIONES, nombre, lambda raiz: [])
    return raiz


def cambiar(raiz, nombre, viejo, nuevo):
    texto = (raiz / nombre).read_text("utf-8")
    assert viejo in texto
    (raiz / nombre).write_text(texto.replace(viejo, nuevo), "utf-8")


def test_lo_que_esta_bien_no_tiene_faltas(listo, capsys):
    assert publicar.revisar(listo) == []
    assert "✗" not in capsys.readouterr().out


DESACUERDOS = [
    ("de_la_version", "CHANGELOG.md", "## 1.2.0 (2026-11-23)", "## 1.1.9", "sección"),
    (
        "de_la_version",
        "CHANGELOG.md",
        "(2026-11-23)",
        "(sin publicar)",
        "no tiene fecha",
    ),
    ("de_la_version", "CHANGELOG.md", "(2026-11-23)", "(2026-13-45)", "no tiene fecha"),
    ("de_la_version", "CHANGELOG.md", " (2026-11-23)", "", "no tiene fecha"),
    ("de_la_version", "CITATION.cff", "version: 1.2.0", "version: 1.1.0", "1.1.0"),
    ("de_la_version", "CITATION.cff", "date-released: 2026-11-23\n", "", "no tiene"),
    ("de_la_version", "CITATION.cff", "2026-11-23", "2026-11-22", "2026-11-22"),
    ("de_la_version", "pyproject.toml", '"1.2.0"', '"1.2.0.dev1"', "tres números"),
    ("de_la_version", publicar.VALORES, "1.2.0", "1.1.0", "la imagen 1.1.0"),
    ("de_las_direcciones", "README.md", "otra-cuenta", "SIMG-UN", "README.md nombra"),
    ("de_las_direcciones", "CITATION.cff", "/otro-curso", "/otro", "CITATION.cff nom"),
    ("de_las_direcciones", "LICENSE-CONTENIDO", "otro-curso", "x", "LICENSE-CONTENIDO"),
    ("de_las_direcciones", "pyproject.toml", "github.com", "gitlab.com", "Colab solo"),
    ("de_la_instalacion", "pyproject.toml", '"1.2.0"', '"1.3.0"', "ARGS=--instalar"),
    ("de_la_instalacion", "pyproject.toml", "otra-cuenta", "esta", "ARGS=--instalar"),
    ("de_los_botones", "pyproject.toml", "github.com", "gitlab.com", "project.urls"),
    ("del_candado", "requisitos.lock", "torch==2.13.0", "torch==2.5.0", "torch>=2.6"),
    ("del_candado", "requisitos.lock", "ruff==0.12.1\n", "", "tiene nada"),
    ("de_las_salidas", "notebooks/01_prueba.ipynb", "1 + 1", "1 + 2", "--solo-viejos"),
    ("de_git", "taller/__init__.py", "x = 1", "x = 2", "taller/__init__.py"),
]


@pytest.mark.parametrize(("revision", "archivo", "viejo", "nuevo", "dice"), DESACUERDOS)
def test_cada_desacuerdo_se_encuentra(raiz, revision, archivo, viejo, nuevo, dice):
    mirar = getattr(publicar, revision)
    assert mirar(raiz) == []
    cambiar(raiz, archivo, viejo, nuevo)
    faltas = mirar(raiz)
    assert any(dice in falta for falta in faltas), faltas
    # Cada falta es una frase que dice qué hacer.
    assert all(f.endswith(".") and ":" in f and "\n" not in f for f in faltas), faltas


def test_cada_desacuerdo_de_git(raiz):
    git(raiz, "tag", "v1.2.0")
    (falta,) = publicar.de_git(raiz)
    assert "v1.2.0 ya existe" in falta
    git(raiz, "switch", "-q", "-c", "otra")
    for i in range(5):
        (raiz / f"suelto{i}.txt").write_text("x")
    sin_guardar, rama, _ = publicar.de_git(raiz)
    assert "suelto2.txt y otros" in sin_guardar and "«otra»" in rama
    git(raiz, "switch", "-q", "--detach")
    assert "fuera de toda rama" in publicar.de_git(raiz)[1]
    shutil.rmtree(raiz / ".git")
    assert "no es una copia de git" in publicar.de_git(raiz)[0]


def test_los_estudios_se_revisan_en_la_misma_raiz(raiz, monkeypatch):
    monkeypatch.setattr(estudios, "sellos_rotos", lambda donde=RAIZ: [str(donde)])
    assert publicar.de_los_estudios(raiz) == [str(raiz)]


def test_un_cuaderno_sin_celda_de_instalar_o_ninguno(raiz):
    ruta = raiz / "notebooks" / "01_prueba.ipynb"
    cuaderno = leer(ruta)
    cuaderno.cells.remove(celda(cuaderno, "01-instalar"))
    guardar(cuaderno, ruta)
    assert "01_prueba.ipynb" in publicar.de_la_instalacion(raiz)[0]
    ruta.unlink()
    assert "No hay cuadernos" in publicar.de_la_instalacion(raiz)[0]


def test_dice_todas_las_faltas_y_no_corre_las_pruebas(listo, monkeypatch, capsys):
    """También cuando una revisión se rompe: las demás se hacen igual."""
    monkeypatch.setattr(publicar, "probar", lambda: pytest.fail("corrió las pruebas"))
    cambiar(listo, "requisitos.lock", "torch==2.13.0", "torch==2.5.0")
    (listo / "CITATION.cff").unlink()
    assert publicar.principal([], listo) == 1
    dicho = capsys.readouterr().out
    for trozo in ("No se pudo revisar «versión", "torch>=2.6", "CITATION.cff", "git ("):
        assert trozo in dicho
    assert "git push" not in dicho and "No corrí las pruebas" in dicho


@pytest.mark.parametrize("codigo", [0, 1])
def test_al_final_corre_las_pruebas(listo, monkeypatch, capsys, codigo):
    monkeypatch.setattr(publicar, "probar", lambda: codigo)
    assert publicar.principal([], listo) == codigo
    assert ("git push origin v1.2.0" in capsys.readouterr().out) == (codigo == 0)


def test_si_las_pruebas_dejan_algo_no_se_publica(listo, monkeypatch, capsys):
    def ensuciar():
        (listo / "sobra.txt").write_text("x")
        return 0

    monkeypatch.setattr(publicar, "probar", ensuciar)
    assert publicar.principal([], listo) == 1
    dicho = capsys.readouterr().out
    assert "sobra.txt" in dicho and "git tag" not in dicho


def test_da_las_ordenes_de_a_una_y_no_hace_ninguna(listo, monkeypatch, capsys):
    monkeypatch.setattr(publicar, "probar", lambda: pytest.fail("corrió las pruebas"))
    antes = sorted(p.relative_to(listo) for p in listo.rglob("*"))
    assert publicar.principal(["--sin-pruebas"], listo) == 0
    dicho = capsys.readouterr().out
    ordenes = re.findall(r"^    (git .+)$", dicho, re.M)
    assert ordenes == [
        "git push origin main",
        'git tag -a v1.2.0 -m "Versión 1.2.0"',
        "git push origin v1.2.0",
        "git push --force origin en-vivo-v1.2.0",
    ]
    assert "/github/otra-cuenta/otro-curso/blob/en-vivo-v1.2.0/00_bienv" in dicho
    assert "no las corrí" in dicho and "https://otra-cuenta.github.io" in dicho
    assert publicar.de_git(listo) == []
    assert sorted(p.relative_to(listo) for p in listo.rglob("*")) == antes


# --- La etiqueta que publica la página ----------------------------------------------


@pytest.mark.parametrize(
    "referencia",
    ["refs/heads/main", "refs/tags/v1.2.1", "refs/heads/v1.2.0", "v1.2.0", "", "$(id)"],
)
def test_solo_vale_la_etiqueta_de_la_version(raiz, referencia):
    assert publicar.de_la_referencia("refs/tags/v1.2.0", raiz) == []
    (falta,) = publicar.de_la_referencia(referencia, raiz)
    assert f"«{referencia}»" in falta and "v1.2.0" in falta


def test_la_etiqueta_se_comprueba_sin_instalar_nada():
    """El flujo la mira con el Python de GitHub, antes de `make libro`."""
    version = publicar.proyecto()["version"]
    codigo = (
        "import sys\n"
        "for falta in ('yaml', 'nbformat', 'packaging', 'sphinx'):\n"
        "    sys.modules[falta] = None\n"
        "from herramientas.publicar import principal\n"
        "sys.exit(principal(['--referencia', sys.argv[1]]))"
    )
    for referencia, codigo_esperado in ((f"refs/tags/v{version}", 0), ("refs/x", 1)):
        hecho = subprocess.run(
            [sys.executable, "-c", codigo, referencia],
            cwd=RAIZ,
            capture_output=True,
            encoding="utf-8",
        )
        assert hecho.returncode == codigo_esperado, hecho.stderr
        assert len(hecho.stderr.splitlines()) == codigo_esperado


# --- El curso de verdad -------------------------------------------------------------


def test_el_curso_esta_de_acuerdo_consigo_mismo():
    """Lo que no depende del día en que se publica se cumple siempre."""
    faltas = publicar.de_las_direcciones() + publicar.del_candado()
    assert faltas + publicar.de_la_instalacion() + publicar.de_los_botones() == []


def test_una_copia_cambia_de_direccion_en_un_solo_lugar(tmp_path):
    """Con otra dirección en pyproject.toml, todo la sigue o se dice qué falta."""
    raiz = tmp_path / "copia"
    (raiz / "notebooks").mkdir(parents=True)
    for nombre in ("pyproject.toml", *publicar.CON_DIRECCION):
        (raiz / nombre).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RAIZ / nombre, raiz / nombre)
    cuaderno = min((RAIZ / "notebooks").glob("*.ipynb"))
    shutil.copy(cuaderno, raiz / "notebooks")
    texto = (raiz / "pyproject.toml").read_text("utf-8")
    for clave, valor in (
        ("Repositorio", "https://github.com/ana/mi-curso"),
        ("Sitio", "https://ana.github.io/mi-curso/"),
    ):
        texto = re.sub(rf"(?m)^{clave} = .*$", f'{clave} = "{valor}"', texto)
    (raiz / "pyproject.toml").write_text(texto, "utf-8")
    # Los botones y la celda que instala salen de ahí: van juntos.
    assert publicar.de_los_botones(raiz) == []
    assert 'repositorio = "https://github.com/ana/mi-curso"' in celda_instalar(
        *proyecto(raiz)
    )
    assert "https://ana.github.io/mi-curso/" in publicar.instrucciones(raiz)
    # Lo escrito a mano se nombra, archivo por archivo, y la celda dice cómo renovarla.
    faltas = publicar.de_las_direcciones(raiz)
    assert {f.split()[0] for f in faltas} == set(publicar.CON_DIRECCION)
    (falta,) = publicar.de_la_instalacion(raiz)
    assert cuaderno.name in falta and "ARGS=--instalar" in falta


def test_la_fecha_que_se_propone_es_la_de_hoy(raiz):
    cambiar(raiz, "CHANGELOG.md", "(2026-11-23)", "(sin publicar)")
    assert str(date.today()) in publicar.fecha_del_cambio(raiz)[1]
