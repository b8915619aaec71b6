"""Los esqueletos publicados: qué rama, qué guarda y qué enlaza la guía."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from herramientas.archivos import RAIZ
from herramientas.sala import esqueletos

sys.path.insert(0, str(RAIZ / "book" / "_ext"))


def git(raiz, *orden):
    autor = ["-c", "user.name=Ana", "-c", "user.email=ana@x.org"]
    hecho = subprocess.run(
        ["git", *autor, *orden], cwd=raiz, check=True, capture_output=True
    )
    return hecho.stdout.decode().strip()


@pytest.fixture
def raiz(tmp_path):
    """Un curso de juguete con su sitio construido y un repositorio al que subir."""
    raiz = tmp_path / "curso"
    carpeta = raiz / "_build" / "html" / "en-vivo"
    carpeta.mkdir(parents=True)
    (raiz / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', "utf-8")
    (raiz / ".gitignore").write_text("_build/\n", "utf-8")
    for nombre in ("00_a.ipynb", "01_b.ipynb", "00_a.html"):
        (carpeta / nombre).write_text(nombre, "utf-8")
    git(tmp_path, "init", "-q", "--bare", "arriba.git")
    git(raiz, "init", "-q", "-b", "main")
    git(raiz, "add", ".")
    git(raiz, "commit", "-q", "-m", "Todo")
    git(raiz, "remote", "add", "origin", str(tmp_path / "arriba.git"))
    return raiz


def test_la_rama_lleva_la_version(raiz, capsys):
    assert esqueletos.principal(["--rama"], raiz) == 0
    assert capsys.readouterr().out == "en-vivo-v1.2.0\n"


def test_guarda_solo_los_cuadernos_y_no_toca_nada_mas(raiz, capsys):
    antes = git(raiz, "rev-parse", "HEAD")
    assert esqueletos.principal([], raiz) == 0
    rama = capsys.readouterr().out.strip()
    assert git(raiz, "ls-tree", "--name-only", rama).split() == [
        "00_a.ipynb", "01_b.ipynb",
    ]  # fmt: skip
    assert git(raiz, "log", "--format=%an", rama) == "Ana", "un commit, sin pasado"
    assert git(raiz, "status", "--porcelain") == ""
    assert git(raiz, "rev-parse", "HEAD") == antes


def test_repetirlo_da_el_mismo_commit_y_se_puede_subir(raiz):
    rama = esqueletos.guardar(raiz)
    primero = git(raiz, "rev-parse", rama)
    assert git(raiz, "rev-parse", esqueletos.guardar(raiz)) == primero
    git(raiz, "push", "--force", "origin", rama)
    carpeta = raiz / "_build" / "html" / "en-vivo"
    (carpeta / "00_a.ipynb").write_text("otro", "utf-8")
    git(raiz, "push", "--force", "origin", esqueletos.guardar(raiz))
    arriba = raiz.parent / "arriba.git"
    assert git(arriba, "show", f"{rama}:00_a.ipynb") == "otro"


def test_sin_sitio_o_sin_git_lo_dice(raiz, capsys):
    shutil.rmtree(raiz / ".git")
    assert esqueletos.principal([], raiz) == 1
    assert "«git log» falló" in capsys.readouterr().err
    shutil.rmtree(raiz / "_build")
    assert esqueletos.principal([], raiz) == 1
    assert "make libro" in capsys.readouterr().err


def test_la_tabla_de_la_guia_lleva_a_esa_rama():
    """De la dirección única de pyproject.toml, y una fila por lección."""
    tabla = pytest.importorskip("esqueletos")
    import sitio

    proyecto = sitio.leer_proyecto(RAIZ)
    lecciones = [r.stem for r in sorted((RAIZ / "notebooks").glob("*.ipynb"))]
    filas = tabla.filas(RAIZ, {f"notebooks/{n}" for n in lecciones}, proyecto)
    assert len(filas) == len(lecciones)
    rama = esqueletos.rama(proyecto["version"])
    cuenta = proyecto["repositorio"].removeprefix("https://github.com/")
    for titulo, pagina, cuaderno, colab, laminas in filas:
        nombre = re.search(r"/notebooks/(.+)\.html$", pagina)[1]
        assert titulo.startswith(nombre[:2]) or not nombre[:2].isdigit()
        assert colab.endswith(f"/github/{cuenta}/blob/{rama}/{nombre}.ipynb")
        assert cuaderno == f"../en-vivo/{nombre}.ipynb"
        assert laminas == f"../en-vivo/{nombre}.html"


def test_lo_que_se_escribe_para_el_sitio(tmp_path):
    """Con una lección: el esqueleto no enlaza a nada que no tenga al lado."""
    pytest.importorskip("quickjs")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(RAIZ / "notebooks" / "00_bienvenida.ipynb", tmp_path / "notebooks")
    salida = tmp_path / "sitio" / "en-vivo"
    sitio = "https://x.org/curso/"
    nombres = esqueletos.escribir(tmp_path, salida, "../_static/katex/", sitio)
    assert nombres == ["00_bienvenida"]
    cuaderno = json.loads((salida / "00_bienvenida.ipynb").read_text("utf-8"))
    texto = "\n".join(
        "".join(c["source"]) for c in cuaderno["cells"] if c["cell_type"] == "markdown"
    )
    destinos = re.findall(r"\]\(([^)]+)\)", texto)
    assert f"{sitio}notebooks/01_tokenizacion.html" in destinos
    assert all(d.startswith(("https://", "#")) for d in destinos), destinos
    html = (salida / "00_bienvenida.html").read_text("utf-8")
    assert 'href="../_static/katex/katex.min.css"' in html
    assert 'href="../notebooks/01_tokenizacion.html"' in html
    assert not (salida / "reveal" / "katex").exists()


SIN = """\
import sys


class Tapa:
    def find_spec(self, nombre, *_):
        if nombre.split(".")[0] in {pesadas!r}:
            raise ModuleNotFoundError(nombre)


sys.meta_path.insert(0, Tapa())
from pathlib import Path
from herramientas.sala import esqueletos
print(*esqueletos.escribir(Path({raiz!r}), Path({salida!r}), "k/", "https://x.org/"))
"""


def test_el_sitio_los_escribe_sin_lo_que_pesa(tmp_path):
    """El sitio se construye sin torch: nada de lo que usan puede pedirlo."""
    pytest.importorskip("quickjs")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(RAIZ / "notebooks" / "00_bienvenida.ipynb", tmp_path / "notebooks")
    pesadas = {"torch", "numpy", "matplotlib", "transformers", "nbconvert", "scipy"}
    codigo = SIN.format(
        pesadas=pesadas, raiz=str(tmp_path), salida=str(tmp_path / "en-vivo")
    )
    hecho = subprocess.run(
        [sys.executable, "-c", codigo], cwd=RAIZ, capture_output=True, encoding="utf-8"
    )
    assert hecho.stdout == "00_bienvenida\n", hecho.stderr
